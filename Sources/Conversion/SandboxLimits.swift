/// How much a program in the sandbox may use; it ends where it asks for more.
package struct SandboxLimits: Hashable, Sendable {
  /// From its start to its end.
  package var seconds = 60
  /// Of all its threads.
  package var processorSeconds = 60
  /// Of its address space.
  package var memoryOctets = 2 << 30
  /// Printed and written into its folder, together.
  package var outputOctets = 256 << 20
  /// Files and folders in its folder.
  package var files = 20_000
  /// Folders inside of each other.
  package var folderDepth = 32
  /// Descriptors that are open at one time.
  package var openFiles = 64
  /// The newest version of landlock to make use of: as if the kernel had no newer one; 0 for none.
  package var landlockVersion = 1_000

  package init() {}
}
