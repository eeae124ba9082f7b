/// What went wrong, in the form that the command line, the endpoint and the logs share.
///
/// Texts name the place, never private content.
package struct Problem: Error, Hashable, Sendable, Codable {
  /// A stable name of lower-case words and underscores; never reused for something else.
  package struct Code: RawRepresentable, Hashable, Sendable, Codable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
  }

  package var code: Code
  /// What happened, in one sentence.
  package var detail: String
  /// Where: a path, an item, a line or an octet offset.
  package var place: String?
  /// What the reader can do about it.
  package var remedy: String?

  package init(_ code: Code, _ detail: String, place: String? = nil, remedy: String? = nil) {
    self.code = code
    self.detail = detail
    self.place = place
    // Wherever damage shows, the same helps.
    self.remedy = remedy ?? (code == .damaged ? Self.mending : nil)
  }

  private static let mending =
    "loam verify says what is wrong; restore the tenant from a backup (loam restore), or remove it "
    + "(loam erase --all) and ingest again."
}

extension Problem {
  /// Whether the input could be read on a machine that has what is wanting here.
  package var isForWantOfProgram: Bool { code == .needsProgram || code == .noSandbox }
}

/// The codes. ARCHITECTURE.md lists what each means.
extension Problem.Code {
  // The request or the command is wrong.
  package static let badRequest = Self("bad_request")
  package static let usage = Self("usage")
  package static let notFound = Self("not_found")
  // The endpoint's own; ``status`` says with which status each goes out.
  package static let unauthorized = Self("unauthorized")
  package static let forbidden = Self("forbidden")
  package static let methodNotAllowed = Self("method_not_allowed")
  package static let requestTimeout = Self("request_timeout")
  package static let bodyTooLarge = Self("body_too_large")
  package static let uriTooLong = Self("uri_too_long")
  package static let unsupportedMediaType = Self("unsupported_media_type")
  package static let expectationFailed = Self("expectation_failed")
  package static let rateLimited = Self("rate_limited")
  package static let headersTooLarge = Self("headers_too_large")
  package static let notImplemented = Self("not_implemented")
  package static let versionNotSupported = Self("version_not_supported")
  // The store cannot do it now.
  package static let locked = Self("locked")
  package static let damaged = Self("damaged")
  package static let noSpace = Self("no_space")
  package static let unavailable = Self("unavailable")
  package static let newerSchema = Self("newer_schema")
  package static let rebuildNeeded = Self("rebuild_needed")
  package static let `internal` = Self("internal")
  // One input cannot be read; the rest can.
  package static let unreadable = Self("unreadable")
  package static let noPermission = Self("no_permission")
  package static let vanished = Self("vanished")
  package static let changed = Self("changed")
  package static let tooLarge = Self("too_large")
  package static let tooDeep = Self("too_deep")
  package static let tooMany = Self("too_many")
  package static let malformed = Self("malformed")
  package static let accessUnreadable = Self("access_unreadable")
  package static let pruneNeeded = Self("prune_needed")
  package static let replaceNeeded = Self("replace_needed")
  package static let converterFailed = Self("converter_failed")
  package static let converterLimit = Self("converter_limit")
  // One input is passed over, which is not a failure.
  package static let empty = Self("empty")
  package static let unknownType = Self("unknown_type")
  package static let needsProgram = Self("needs_program")
  package static let noSandbox = Self("no_sandbox")
  package static let notYet = Self("not_yet")
  package static let excluded = Self("excluded")
  package static let outsideRoot = Self("outside_root")
  package static let directoryLoop = Self("directory_loop")
  package static let linked = Self("linked")
  package static let special = Self("special_file")
  package static let erased = Self("erased")
  package static let controlFile = Self("control_file")
  // The model.
  package static let badModel = Self("bad_model")
}
