package import Grounding

extension Segment {
  /// Whose words the passages of this stretch have: `new` or `quoted`; any other role makes none.
  ///
  /// A message that is passed on is its sender's own words: that is what they say, and whether the
  /// original lies in the store too is not to decide whether it is found.
  package var passageRole: Role { kind == .forwarded ? .new : role }
}
