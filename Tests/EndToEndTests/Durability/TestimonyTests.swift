// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The judge of the durability tests is judged first: each kind of fault, planted, is found.
struct TestimonyTests {
  private typealias Stored = Testimony.Stored
  private var sent: [String: Journal.Sent] = [:]
  private var receipts: [String: Journal.Receipt] = [:]
  private var stored: [Stored] = []

  /// Two writers with three events each, all acknowledged but the last.
  init() {
    for index in 1...6 {
      let event = Journal.Sent(
        recording: "r", writer: index % 2, number: (index + 1) / 2, id: "e\(index)", type: "step",
        data: Array("\(index)".utf8))
      sent[event.id] = event
      let receipt = Journal.Receipt(
        seq: Int64(index), recordedAt: "t\(index)", leafHash: "h\(index)")
      if index < 6 { receipts[event.id] = receipt }
      stored.append(
        Stored(
          recording: "r", seq: receipt.seq, id: event.id, type: event.type, data: event.data,
          recordedAt: receipt.recordedAt, leafHash: receipt.leafHash))
    }
  }

  private func findings(_ stored: [Stored]) -> Set<Testimony.Finding> {
    Set(Testimony(sent: sent, receipts: receipts).findings(in: stored))
  }

  @Test func findsNothingWhereNothingIsWrong() {
    #expect(findings(stored) == [])
    // The last one was never acknowledged: it may be there or not.
    #expect(findings(stored.dropLast()) == [])
  }

  @Test func findsWhatIsLost() {
    #expect(findings(stored.dropLast(2)) == [.lost(id: "e5")])
    #expect(findings([]) == Set((1...5).map { .lost(id: "e\($0)") }))
  }

  @Test func findsGaps() {
    var stored = stored
    stored.remove(at: 2)
    #expect(findings(stored) == [.lost(id: "e3"), .gap(recording: "r", position: 3)])
  }

  @Test func findsDuplicates() {
    var stored = stored
    stored.append(stored[0])
    stored[6].seq = 7
    let found = findings(stored)
    #expect(found.contains(.duplicated(id: "e1")))
    #expect(found.contains(.receiptBroken(id: "e1")))
  }

  @Test func findsWhatWasAltered() {
    var stored = stored
    stored[1].data += [0x20]
    stored[3].type = "other"
    #expect(findings(stored) == [.altered(id: "e2"), .altered(id: "e4")])
  }

  @Test func findsWhatNobodySent() {
    var stored = stored
    stored[5].id = "e7"
    #expect(findings(stored) == [.invented(id: "e7")])
  }

  @Test func findsBrokenReceipts() {
    var stored = stored
    stored[0].leafHash = "h"
    stored[1].recordedAt = "t"
    #expect(findings(stored) == [.receiptBroken(id: "e1"), .receiptBroken(id: "e2")])
  }

  @Test func findsDisorder() {
    var stored = stored
    stored.swapAt(0, 2)
    stored[0].seq = 1
    stored[2].seq = 3
    #expect(
      findings(stored) == [
        .receiptBroken(id: "e1"), .receiptBroken(id: "e3"), .disordered(id: "e1"),
      ])
  }

  @Test func findsWhatIsWrongWithOneShots() {
    var known = OneShots.Knowledge(sent: Set((1...6).map(String.init)))
    for event in stored.dropLast() {
      let receipt = Journal.Receipt(
        seq: event.seq, recordedAt: event.recordedAt, leafHash: event.leafHash)
      known.receipts[String(decoding: event.data, as: UTF8.self)] = (event.id, receipt)
    }
    #expect(known.faults(in: stored) == [])
    #expect(known.faults(in: stored.dropLast()) == [])
    #expect(known.faults(in: stored.dropLast(2)) == ["lost: 5"])
    var wrong = stored
    wrong[5].data = Array("1".utf8)
    #expect(known.faults(in: wrong) == ["twice: 1"])
    wrong[5].data = Array("7".utf8)
    #expect(known.faults(in: wrong) == ["invented: 7"])
    wrong = stored
    wrong[2].id = "e9"
    wrong[5].seq = 7
    #expect(known.faults(in: wrong) == ["another receipt: 3", "gap in r"])
  }
}
