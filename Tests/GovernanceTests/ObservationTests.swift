// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Protection
import TestSupport
import Testing

@testable import Governance

/// A pipe whose reading end collects what a sink writes.
private struct Pipe: ~Copyable {
  let reading: Int32
  let writing: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw TestSupportError("no pipe") }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// Everything that was written so far.
  func text() -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    while case let count = read(reading, &buffer, buffer.count), count > 0 {
      bytes += buffer.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

@Suite(.serialized)
struct JSONLogHandlerTests {
  static let injections = [
    "a\nb", "a\r\n{\"level\":\"critical\"}", "\u{1B}[31mred\u{1B}[0m", "\u{0}",
    "a\u{2028}b\u{2029}c",
    "\u{85}\u{9B}31m", "\"}\n{\"", "\\", "\u{7F}", "e\u{301}\r\n", "\t\u{8}", "👩‍👩‍👧",
  ]

  @Test func everyEntryIsOneLineOfJSON() throws {
    let pipe = try Pipe()
    let sink = LogSink(descriptor: pipe.writing)
    var logger = Logger(label: "hansard\n") { label in
      JSONLogHandler(label: label, level: .trace, sink: sink)
    }
    logger[metadataKey: "kept"] = "yes"
    for text in Self.injections {
      logger.info("\(text)", metadata: [text: "\(text)", "level": "forged", "message": "forged"])
    }
    sink.closeAndWait(atMost: .seconds(20))
    let text = pipe.text()
    // By bytes and by Swift's idea of a line alike.
    #expect(text.utf8.count { $0 == 0x0A } == Self.injections.count)
    #expect(text.split(whereSeparator: \.isNewline).count == Self.injections.count)
    #expect(!text.unicodeScalars.contains { (0x7F...0x9F).contains($0.value) || $0 == "\u{1B}" })
    for (line, sent) in zip(text.split(separator: "\n"), Self.injections) {
      let entry = try JSONDocument(parsing: Array(line.utf8)).root
      #expect(try entry["level"]?.text() == "info")
      #expect(try entry["kept"]?.text() == "yes")
      if !sent.unicodeScalars.contains(where: { $0.value == 0 }) {
        let message = try #require(try entry["message"]?.text())
        #expect(message.unicodeScalars.count == sent.unicodeScalars.count)
      }
    }
  }

  @Test func observationsCarryNoMessageOfTheDatabase() throws {
    let pipe = try Pipe()
    let sink = LogSink(descriptor: pipe.writing)
    let observer = Observer(
      logger: Logger(label: "x") { JSONLogHandler(label: $0, level: .trace, sink: sink) })
    observer.observe(.failedInside(request: .make(), what: "code"))
    observer.observe(.databaseUnavailable(code: "postgres connectionLost"))
    observer.observe(.integrityFailure(recording: .make(), seq: 7))
    observer.observe(.lifecycle("started"))
    observer.observe(.groupCommitted(lane: 0, requests: 1, events: 1, duration: .zero))
    sink.closeAndWait(atMost: .seconds(20))
    let lines = pipe.text().split(separator: "\n")
    #expect(lines.count == 4 && lines.allSatisfy { $0.hasPrefix("{\"time\":\"20") })
  }
}

@Suite(.serialized)
struct LogSinkTests {
  @Test func dropsAndCountsWhatNobodyReads() async throws {
    let pipe = try Pipe()
    let sink = LogSink(descriptor: pipe.writing, limit: 100)
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
    // A pipe holds 64 KiB; then the thread blocks, and the callers do not.
    for _ in 0..<5000 { sink.write(line) }
    var text = ""
    sink.close()
    try await eventually("the count of what was dropped") {
      text += pipe.text()
      return text.contains(/log lines dropped.*\n/)
    }
    // Whole lines: the reader may have stopped in the middle of one.
    let end = try #require(text.lastIndex(of: "\n"))
    let lines = text[..<end].split(separator: "\n")
    #expect(lines.count < 1000)
    let dropped = try #require(lines.first { $0.contains("dropped") })
    #expect(dropped.contains(#""level":"warning""#))
    #expect(lines.allSatisfy { $0.utf8.count == 1000 || $0.contains("dropped") })
  }

  /// Without its precautions the process would die of SIGPIPE here.
  @Test func outlivesItsReader() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let sink = LogSink(descriptor: ends[1])
    close(ends[0])
    let before = signal(SIGPIPE, SIG_DFL)
    for _ in 0..<100 { sink.write(Array("x".utf8)) }
    sink.closeAndWait(atMost: .seconds(20))
    signal(SIGPIPE, before)
    sink.write(Array("late".utf8))
    close(ends[1])
    let closed = LogSink(descriptor: ends[1])
    closed.write(Array("x".utf8))
    closed.closeAndWait(atMost: .seconds(20))
  }

  @Test func writesWholeLinesToADescriptorThatDoesNotBlock() async throws {
    let pipe = try Pipe()
    _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
    let sink = LogSink(descriptor: pipe.writing)
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 999)
    for _ in 0..<400 { sink.write(line) }
    sink.close()
    var text = ""
    try await eventually("all lines") {
      text += pipe.text()
      return text.utf8.count == 400_000
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count == 999 })
  }
}

struct MetricsTests {
  private func request(_ method: String, _ status: Int, _ duration: Duration) -> Observation {
    .requestFinished(
      RequestSummary(
        request: .make(), method: method, route: "/api/{id}", status: status, code: nil,
        duration: duration, bytesIn: 0, bytesOut: 0, tenant: nil, key: nil))
  }

  @Test func theTextIsPrometheusFormat() throws {
    let metrics = Metrics()
    metrics.count(request("GET", 200, .milliseconds(3)))
    metrics.count(request("GET", 200, .seconds(100)))
    metrics.count(.groupCommitted(lane: 0, requests: 2, events: 7, duration: .microseconds(400)))
    metrics.count(.partitionMade(day: "2026-11-21"))
    for gauge in Metrics.Gauge.allCases { metrics.set(gauge, to: 1.5) }
    let sample = try Regex(
      #"[a-z_]+(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? (\d+(\.\d+)?(e-?\d+)?)"#)
    var types: Set<Substring> = []
    let text = metrics.text()
    #expect(text.hasSuffix("\n"))
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# TYPE ") {
        let words = line.split(separator: " ")
        #expect(words.count == 4 && ["counter", "gauge", "histogram"].contains(words[3]))
        #expect(types.insert(words[2]).inserted, "\(words[2]) has two types")
      } else {
        #expect(line.wholeMatch(of: sample) != nil, "\(line)")
      }
    }
    #expect(types.count == 3 + Metrics.Counter.allCases.count + Metrics.Gauge.allCases.count)
    #expect(metrics.sample("hansard_audit_denials_total") == 0)
    #expect(metrics.sample("hansard_events_total") == 7)
    #expect(
      text.contains(#"hansard_requests_total{method="GET",route="/api/{id}",status="200"} 2"#))
    #expect(text.contains(#"_bucket{route="/api/{id}",le="0.005"} 1"#))
    #expect(text.contains(#"_bucket{route="/api/{id}",le="5.0"} 1"#))
    #expect(text.contains(#"_bucket{route="/api/{id}",le="+Inf"} 2"#))
  }

  /// A method is the caller's word: it must neither break the text nor make it grow.
  @Test func aCallersMethodsDoNotMakeItGrow() {
    let metrics = Metrics()
    for number in 0..<1000 { metrics.count(request("M\(number)\"\n", 405, .zero)) }
    let lines = metrics.text().split(separator: "\n").filter { $0.contains("requests_total{") }
    #expect(
      lines == [#"hansard_requests_total{method="other",route="/api/{id}",status="405"} 1000"#])
  }

  @Test func durationsSaturate() {
    #expect(Duration.seconds(Int64.max).microseconds == .max)
    #expect(Duration.seconds(Int64.min).microseconds == .min)
    #expect(Duration.milliseconds(-1500).microseconds == -1_500_000)
  }
}
