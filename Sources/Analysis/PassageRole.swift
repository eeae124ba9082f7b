package import Grounding

extension Segment {
  /// Whose words the passages of this stretch have in an item of `kind`: `new` or `quoted`; any other
  /// role makes none.
  package func passageRole(in kind: ItemKind) -> Role {
    switch self.kind {
    // Its sender passes it on: that is what they say. Whether the original lies in the store too is
    // not to decide whether the message is found.
    case .forwarded: .new
    // The reader of mail says so itself as soon as it tells roles apart.
    case .quote where kind == .mail: .quoted
    default: role
    }
  }
}
