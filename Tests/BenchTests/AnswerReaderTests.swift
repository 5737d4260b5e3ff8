// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Bench

@Suite struct AnswerReaderTests {
  private static let refusal =
    "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nConnection: Close\r\n"
    + "Content-Length: 5\r\n\r\nabcde"

  private func read(_ pieces: [String]) throws -> [AnswerReader.Answer?] {
    var reader = AnswerReader()
    return try pieces.map { piece in
      try Array(piece.utf8).withUnsafeBytes { try reader.take($0) }
    }
  }

  @Test func readsOneAnswerAfterAnother() throws {
    let created = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"
    let good = AnswerReader.Answer(status: 201, isLast: false)
    let refused = AnswerReader.Answer(status: 503, retryAfter: 1, isLast: true)
    #expect(try read([created, Self.refusal, created]) == [good, refused, good])
  }

  @Test func readsAnswersThatComeByteByByte() throws {
    let answers = try read(Self.refusal.map(String.init) + ["HTTP/1.1 204 No Content\r\n"])
    #expect(answers.compactMap(\.self).map(\.status) == [503])
  }

  @Test(arguments: ["", "Retry-After: -1\r\n", "Retry-After: soon\r\n"])
  func findsNoRetryAfterWhereThereIsNone(field: String) throws {
    let answers = try read(["HTTP/1.1 503 Busy\r\n\(field)Content-Length: 0\r\n\r\n"])
    #expect(answers == [AnswerReader.Answer(status: 503, isLast: false)])
  }

  @Test(arguments: [
    "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
  ])
  func refusesAnythingElse(bytes: String) {
    #expect(throws: BenchError.self) { try read([bytes]) }
  }
}

@Suite struct EventTextTests {
  @Test func has500BytesWhateverTheNumber() {
    #expect(EventText.data(0).utf8.count == 500)
    #expect(EventText.data(999_999_999_999).utf8.count == 500)
    #expect(EventText.data(1) != EventText.data(2))
  }

  @Test func isJSONInBatchesToo() throws {
    let batch = try JSONSerialization.jsonObject(with: Data(EventText.batch(3).utf8))
    #expect((batch as? [Any])?.count == 3)
    #expect(!EventText.batch(3).contains(EventText.counter))
  }
}
