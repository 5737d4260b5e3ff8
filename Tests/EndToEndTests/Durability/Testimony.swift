// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Compares what a service holds with what its clients know.
struct Testimony {
  /// An event as the service gives it back.
  struct Stored: Sendable, Equatable {
    var recording: String
    var seq: Int64
    var id: String
    var type: String
    var data: [UInt8]
    var recordedAt: String
    var leafHash: String
  }

  /// Something that must not be.
  enum Finding: Hashable, CustomStringConvertible {
    /// Acknowledged and not there.
    case lost(id: String)
    /// There more than once.
    case duplicated(id: String)
    /// Not what was sent.
    case altered(id: String)
    /// Never sent.
    case invented(id: String)
    /// The receipt says something else.
    case receiptBroken(id: String)
    /// The positions of a recording are not 1, 2, 3, ….
    case gap(recording: String, position: Int)
    /// Behind an event that its writer sent later.
    case disordered(id: String)

    var description: String {
      switch self {
      case .lost(let id): "lost \(id)"
      case .duplicated(let id): "duplicated \(id)"
      case .altered(let id): "altered \(id)"
      case .invented(let id): "invented \(id)"
      case .receiptBroken(let id): "receipt broken \(id)"
      case .gap(let recording, let position): "gap in \(recording) at \(position)"
      case .disordered(let id): "disordered \(id)"
      }
    }
  }

  let sent: [String: Journal.Sent]
  let receipts: [String: Journal.Receipt]

  init(sent: [String: Journal.Sent], receipts: [String: Journal.Receipt]) {
    self.sent = sent
    self.receipts = receipts
  }

  init(_ journal: Journal) {
    self.init(sent: journal.sent, receipts: journal.receipts)
  }

  /// All findings; `stored` are the events of all recordings, each in the order given back.
  func findings(in stored: [Stored]) -> [Finding] {
    let byID = Dictionary(grouping: stored, by: \.id)
    var findings: [Finding] = []
    findings += receipts.keys.filter { byID[$0] == nil }.map { .lost(id: $0) }
    findings += byID.filter { $0.value.count > 1 }.map { .duplicated(id: $0.key) }
    findings += stored.compactMap(finding)
    for (recording, events) in Dictionary(grouping: stored, by: \.recording) {
      findings += gaps(events, recording) + disorder(events)
    }
    return findings
  }

  private func finding(_ event: Stored) -> Finding? {
    guard let original = sent[event.id] else { return .invented(id: event.id) }
    guard original.recording == event.recording, original.type == event.type,
      original.data == event.data
    else { return .altered(id: event.id) }
    guard let receipt = receipts[event.id] else { return nil }
    let stored = Journal.Receipt(
      seq: event.seq, recordedAt: event.recordedAt, leafHash: event.leafHash)
    return receipt == stored ? nil : .receiptBroken(id: event.id)
  }

  private func gaps(_ events: [Stored], _ recording: String) -> [Finding] {
    events.enumerated().filter { $0.element.seq != Int64($0.offset + 1) }.prefix(1)
      .map { .gap(recording: recording, position: $0.offset + 1) }
  }

  private func disorder(_ events: [Stored]) -> [Finding] {
    var latest: [Int: Int] = [:]
    var findings: [Finding] = []
    for event in events {
      guard let original = sent[event.id] else { continue }
      if let before = latest[original.writer], before >= original.number {
        findings.append(.disordered(id: event.id))
      }
      latest[original.writer] = max(original.number, latest[original.writer] ?? 0)
    }
    return findings
  }
}

extension [Testimony.Finding] {
  /// Those of events that were acknowledged and are not there.
  var losses: [Testimony.Finding] {
    filter { finding in
      if case .lost = finding { true } else { false }
    }
  }
}
