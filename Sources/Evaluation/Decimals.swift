import Glibc

/// `value` with `digits` decimals, rounded as C's `printf` rounds.
///
/// That is to the nearest of the exact binary value, halves to even. Meant for magnitudes below 1e9 and up to six digits.
package func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
  let power = (0..<digits).reduce(1.0) { product, _ in product * 10 }
  let magnitude = min(value.magnitude, 1e9)
  let scaled = magnitude * power
  let whole = scaled.rounded(.down)
  // What the product lost decides where it seems to lie half-way.
  let lost = fma(magnitude, power, -scaled)
  let rest = scaled - whole
  var count = UInt64(whole)
  if rest > 0.5 || (rest == 0.5 && (lost > 0 || (lost == 0 && count % 2 == 1))) { count += 1 }
  let unit = UInt64(power)
  let sign = value < 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(count)" }
  let decimals = String(count % unit)
  let padding = String(repeating: "0", count: digits - decimals.utf8.count)
  return "\(sign)\(count / unit).\(padding)\(decimals)"
}
