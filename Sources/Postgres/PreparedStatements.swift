// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Which statements a connection has prepared: a bounded map, least recently used first out.
///
/// Pure bookkeeping, tentative while a pipeline is under way: a statement counts as prepared for
/// the rest of its pipeline at once, but is forgotten again unless the server confirms it. A name
/// that is given up becomes an orphan, to be deallocated before the next statement is prepared.
struct PreparedStatements {
  struct Key: Hashable {
    let sql: String
    let types: [UInt32]
  }

  /// What to send before a statement can run under `name`.
  struct Plan {
    let name: String
    let isNew: Bool
  }

  let limit: Int
  private var orphans: [String] = []
  private var entries: [Key: Entry] = [:]
  private var clock: UInt64 = 0
  private var lastName: UInt64 = 0

  private struct Entry {
    let name: String
    var lastUse: UInt64
  }

  init(_ mode: StatementCache) {
    switch mode {
    case .cached(let limit): self.limit = max(0, limit)
    case .none: limit = 0
    }
  }

  var count: Int { entries.count }

  /// The name to run `key` under; nil when nothing is kept.
  mutating func plan(_ key: Key) -> Plan? {
    guard limit > 0 else { return nil }
    clock &+= 1
    if let name = touch(key) { return Plan(name: name, isNew: false) }
    if entries.count >= limit { evictOldest() }
    lastName &+= 1
    let name = "h\(lastName)"
    entries[key] = Entry(name: name, lastUse: clock)
    return Plan(name: name, isNew: true)
  }

  /// The names to deallocate now. One whose DEALLOCATE fails must be handed back.
  mutating func takeOrphans() -> [String] {
    defer { orphans = [] }
    return orphans
  }

  mutating func handBack(orphan name: String) {
    orphans.append(name)
  }

  /// The server did not prepare `key` under `name`, or has lost it.
  mutating func forget(_ key: Key, name: String) {
    if entries[key]?.name == name { entries[key] = nil }
  }

  /// The server still knows `key`, but it is of no use any more.
  mutating func giveUp(_ key: Key, name: String) {
    guard entries[key]?.name == name else { return }
    entries[key] = nil
    orphans.append(name)
  }

  private mutating func touch(_ key: Key) -> String? {
    guard let index = entries.index(forKey: key) else { return nil }
    entries.values[index].lastUse = clock
    return entries.values[index].name
  }

  /// Looks at every entry; it happens only when a new statement meets a full cache.
  private mutating func evictOldest() {
    guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
    entries[oldest.key] = nil
    orphans.append(oldest.value.name)
  }
}
