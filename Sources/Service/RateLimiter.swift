import Synchronization

/// A token bucket a key: `ratePerSecond` requests in the long run, twice as many at once.
final class RateLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var filled: Int64
  }

  /// Full buckets say nothing and are dropped above this count.
  private static let bucketLimit = 32_768

  private let rate: Double
  private let capacity: Double
  private let buckets = Mutex<[String: Bucket]>([:])

  init(ratePerSecond: Int) {
    rate = Double(max(1, ratePerSecond))
    capacity = rate * 2
  }

  /// Takes a token of `key`'s bucket.
  ///
  /// - Parameter now: nanoseconds of a steady clock.
  /// - Returns: `nil` where there was one, else the whole seconds until there is one, at least 1.
  func secondsToWait(_ key: String, now: Int64) -> Int? {
    buckets.withLock { buckets in
      if buckets[key] == nil, buckets.count >= Self.bucketLimit { drop(&buckets, now) }
      var bucket = buckets[key] ?? Bucket(tokens: capacity, filled: now)
      bucket.tokens = level(bucket, now)
      bucket.filled = max(now, bucket.filled)
      defer { buckets[key] = bucket }
      guard bucket.tokens < 1 else {
        bucket.tokens -= 1
        return nil
      }
      return max(1, Int(((1 - bucket.tokens) / rate).rounded(.up)))
    }
  }

  private func level(_ bucket: Bucket, _ now: Int64) -> Double {
    let seconds = Double(max(0, now - bucket.filled)) / 1e9
    return min(capacity, bucket.tokens + seconds * rate)
  }

  private func drop(_ buckets: inout [String: Bucket], _ now: Int64) {
    buckets = buckets.filter { level($0.value, now) < capacity }
  }
}
