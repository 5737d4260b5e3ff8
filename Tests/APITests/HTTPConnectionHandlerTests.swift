// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Testing

@testable import API

@Suite struct HTTPConnectionHandlerTests {
  static let get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"

  @Test func handsARequestOnAndKeepsTheConnection() throws {
    let connection = try TestConnection()
    connection.send(Self.get)
    #expect(try connection.requests() == ["/a"])
    connection.answer()
    let sent = try connection.sent()
    #expect(sent.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(sent.hasSuffix("\r\n\r\nok"))
    #expect(!sent.contains("connection:"))
    connection.wait(.seconds(59))
    connection.send(Self.get)
    #expect(try connection.requests() == ["/a"])
    connection.answer()
    connection.wait(.seconds(60))
    #expect(!connection.isOpen)
  }

  @Test func closesASilentConnectionWithoutAWord() throws {
    let connection = try TestConnection()
    connection.wait(.seconds(9))
    #expect(connection.isOpen)
    connection.wait(.seconds(1))
    #expect(!connection.isOpen)
    #expect(try connection.sent() == "")
  }

  @Test func answers408ToAHeadThatDripsIn() throws {
    let connection = try TestConnection()
    for byte in "GET /abcde" {
      connection.send(String(byte))
      connection.wait(.seconds(1))
    }
    #expect(try connection.sent().hasPrefix("HTTP/1.1 408 "))
    #expect(connection.refusals == [.requestTimeout])
    connection.wait(.seconds(2))
    #expect(!connection.isOpen)
  }

  @Test func tellsTheHandlerOfABodyThatDripsInAndClosesAfterItsAnswer() throws {
    let connection = try TestConnection()
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
    for _ in 0..<10 {
      #expect(connection.failures.isEmpty)
      connection.send("x")
      connection.wait(.seconds(1))
    }
    #expect(connection.failures == [.timeout])
    connection.answer(.requestTimeout)
    #expect(try connection.sent().contains("connection: close"))
    connection.wait(.seconds(2))
    #expect(!connection.isOpen)
  }

  @Test func closesWhenNobodyAnswersForABodyThatDripsIn() throws {
    let connection = try TestConnection()
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
    connection.wait(.seconds(12))
    #expect(connection.failures == [.timeout])
    #expect(!connection.isOpen)
  }

  @Test func closesWhenAnAnswerIsNotTaken() throws {
    let connection = try TestConnection()
    connection.send(Self.get)
    connection.answer(isFlushed: false)
    connection.wait(.seconds(29))
    #expect(connection.isOpen)
    connection.wait(.seconds(1))
    #expect(!connection.isOpen)
  }

  @Test func waitsForAsLongAsAHandlerNeeds() throws {
    let connection = try TestConnection()
    connection.send(Self.get)
    connection.wait(.hours(1))
    #expect(connection.isOpen)
    connection.answer()
    #expect(try connection.sent().hasPrefix("HTTP/1.1 200 "))
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\n\r\n", ProblemCode.malformedRequest),
    ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedTarget),
    ("GET / HTTP/9.9\r\nHost: a\r\n\r\n", .httpVersionNotSupported),
    ("\u{16}\u{3}\u{1}", .malformedRequest), ("GARBAGE\r\n\r\n", .malformedRequest),
    ("GET / HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n", .malformedRequest),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 33_000))", .headTooLarge),
    (
      "GET / HTTP/1.1\r\n" + String(repeating: "X: 1\r\n", count: 101) + "\r\n",
      .headTooLarge
    ),
    ("GET /\(String(repeating: "a", count: 33_000))", .targetTooLong),
    ("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n", .targetTooLong),
  ])
  func refusesHeadsWithAProblemAndCloses(_ text: String, _ code: ProblemCode) throws {
    let connection = try TestConnection()
    connection.send(text)
    #expect(try connection.requests() == [])
    let sent = try connection.sent()
    #expect(sent.hasPrefix("HTTP/1.1 \(code.entry.status) "))
    #expect(sent.contains("application/problem+json"))
    #expect(sent.contains(#""code":"\#(code.rawValue)""#))
    #expect(sent.contains("connection: close"))
    #expect(connection.refusals == [code])
    connection.send(Self.get)
    #expect(try connection.requests() == [])
    connection.wait(.seconds(2))
    #expect(!connection.isOpen)
  }

  @Test func letsAnswersBeforeARefusalGoFirst() throws {
    let connection = try TestConnection()
    connection.send(Self.get + Self.get + "GARBAGE\r\n\r\n")
    #expect(try connection.requests() == ["/a", "/a"])
    #expect(try connection.sent() == "")
    connection.answer(body: "o1")
    #expect(try connection.sent().hasSuffix("o1"))
    connection.answer(body: "o2")
    let sent = try connection.sent()
    let answer = try #require(sent.firstRange(of: "o2HTTP/1.1 400 "))
    #expect(sent[..<answer.lowerBound].hasPrefix("HTTP/1.1 200 "))
  }

  @Test(arguments: ["zz\r\n", "ffffffffffffffffff\r\n", "2\r\n{}xx"])
  func tellsTheHandlerOfABodyWithBrokenFraming(_ chunk: String) throws {
    let connection = try TestConnection()
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)")
    #expect(connection.failures == [.malformed])
    connection.answer(.badRequest)
    #expect(try connection.sent().contains("connection: close"))
    connection.wait(.seconds(2))
    #expect(!connection.isOpen)
  }

  @Test(arguments: [
    ("Content-Length: 70000", true), ("Content-Length: 60000", false),
    ("Transfer-Encoding: chunked", true), ("Content-Length: 9\r\nExpect: 100-continue", true),
  ])
  func closesAfterAnEarlyAnswerUnlessLittleIsLeftToRead(_ field: String, _ closes: Bool) throws {
    let connection = try TestConnection()
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\n\(field)\r\n\r\n")
    connection.answer(.unauthorized)
    #expect(try connection.sent().contains("connection: close") == closes)
    connection.wait(.seconds(2))
    #expect(connection.isOpen == !closes)
  }

  @Test func letsAClientFinishABodyOfKnownLengthToReadItsAnswer() throws {
    let connection = try TestConnection()
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n")
    connection.answer(.contentTooLarge, isFlushed: false)
    for _ in 0..<50 { connection.send(String(repeating: "x", count: 100_000)) }
    #expect(connection.isOpen)
  }

  @Test func cutsAClientThatGoesOnSendingAfterTheLastAnswer() throws {
    let connection = try TestConnection()
    connection.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n")
    connection.answer(.contentTooLarge, isFlushed: false)
    connection.send(String(repeating: "x", count: 200_000))
    #expect(connection.isOpen)
    connection.send(String(repeating: "x", count: 200_000))
    #expect(!connection.isOpen)
  }

  @Test func takesNothingBehindARequestThatCloses() throws {
    let connection = try TestConnection()
    connection.send("GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n\(Self.get)")
    #expect(try connection.requests() == ["/1"])
    connection.answer()
    #expect(try connection.sent().contains("connection: close"))
    connection.wait(.seconds(2))
    #expect(!connection.isOpen)
  }

  @Test func answersAHeadRequestWithoutABodyOrItsEnd() throws {
    let connection = try TestConnection()
    connection.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n")
    connection.answer()
    var sent = try connection.sent()
    #expect(sent.hasSuffix("\r\n\r\n"))
    #expect(sent.lowercased().contains("content-length: 2"))
    connection.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n")
    connection.answer(.ok, [:])
    sent = try connection.sent()
    #expect(sent.hasSuffix("transfer-encoding: chunked\r\n\r\n"))
    connection.send(Self.get)
    connection.answer()
    #expect(try connection.sent().hasPrefix("HTTP/1.1 200 "))
  }

  @Test func speaksHTTP10WithoutChunksAndInformationalAnswers() throws {
    let connection = try TestConnection()
    connection.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    connection.answer(.continue)
    connection.answer(.ok, [:])
    let sent = try connection.sent()
    #expect(sent.hasPrefix("HTTP/1.0 200 OK"))
    #expect(sent.contains("connection: close"))
    #expect(sent.hasSuffix("\r\n\r\nok"))
  }

  @Test func sendsContinueAndStillTheAnswer() throws {
    let connection = try TestConnection()
    connection.send(
      "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
    connection.answer(.continue)
    #expect(try connection.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
    connection.send("x")
    connection.answer()
    #expect(try connection.sent().hasPrefix("HTTP/1.1 200 "))
    #expect(connection.isOpen)
  }

  @Test func closesAfterARequestToUpgradeSinceTheParserStopsThere() throws {
    let connection = try TestConnection()
    connection.send(
      "GET /a HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
    connection.answer()
    #expect(try connection.sent().contains("connection: close"))
  }

  @Test func givesAnIdleConnectionASecondWhenTheServiceStops() throws {
    let connection = try TestConnection()
    connection.quiesce()
    connection.wait(.milliseconds(900))
    #expect(connection.isOpen)
    connection.send(Self.get)
    connection.wait(.seconds(5))
    connection.answer()
    #expect(try connection.sent().contains("connection: close"))
    connection.wait(.seconds(2))
    #expect(!connection.isOpen)
    let idle = try TestConnection()
    idle.quiesce()
    idle.wait(.seconds(1))
    #expect(!idle.isOpen)
  }

  @Test func saysCloseWithTheLastOfSeveralAnswersWhenTheServiceStops() throws {
    let connection = try TestConnection()
    connection.send(Self.get + Self.get)
    connection.quiesce()
    connection.answer()
    #expect(try !connection.sent().contains("connection: close"))
    connection.answer()
    #expect(try connection.sent().contains("connection: close"))
  }
}
