/// How the service runs.
package struct ServiceOptions: Sendable {
  package init() {}
}
