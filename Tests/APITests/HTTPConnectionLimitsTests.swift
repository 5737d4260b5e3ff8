// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import API

/// What a connection keeps of a client that sends what is no request, too many of them, or takes its
/// answers slowly.
@Suite struct HTTPConnectionLimitsTests {
  static let get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"

  @Test func isNotIdleWhileAnAnswerIsBeingTaken() throws {
    let connection = try TestConnection()
    connection.send(Self.get)
    connection.answer(isFlushed: false)
    connection.quiesce()
    connection.wait(.seconds(20))
    #expect(connection.isOpen)
    connection.flush()
    connection.wait(.seconds(1))
    #expect(!connection.isOpen)
  }

  @Test func givesALaterHeadNoMoreTimeThanTheFirst() throws {
    let connection = try TestConnection()
    connection.send(Self.get)
    connection.answer()
    _ = try connection.sent()
    connection.wait(.seconds(20))
    connection.send("G")
    connection.wait(.seconds(10))
    #expect(try connection.sent().hasPrefix("HTTP/1.1 408 "))
  }

  /// What the parser would keep for good, or walk over without an end.
  @Test(arguments: [
    "CONNECT /x HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", "GET / ",
    "GET / HTTP/1.1\r\nX:",
  ])
  func keepsNothingThatIsNoRequest(_ beginning: String) throws {
    let connection = try TestConnection()
    connection.send(beginning)
    let spaces = String(repeating: " ", count: 8192)
    for _ in 0..<8 { connection.send(spaces) }
    #expect(connection.keptBytes <= 64 * 1024)
    let isAnswered = try connection.sent().hasPrefix("HTTP/1.1 431 ")
    #expect(try isAnswered || connection.requests().count == 1)
    connection.wait(.seconds(31))
    for _ in 0..<40 { connection.send(spaces) }
    #expect(!connection.isOpen || connection.keptBytes <= 64 * 1024)
  }

  @Test func takesAThousandRequestsAtOnceAndNoMore() throws {
    let connection = try TestConnection()
    connection.send(String(repeating: Self.get, count: 1100))
    #expect(try connection.requests().count == 1024)
    for _ in 0..<1023 { connection.answer() }
    #expect(try !connection.sent().contains("connection: close"))
    connection.answer()
    #expect(try connection.sent().contains("connection: close"))
  }

  @Test func answersWhatIsInProgressThoughMoreComesBehindTheLastRequest() throws {
    let connection = try TestConnection()
    connection.send("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    connection.send("junk")
    connection.send("more junk")
    #expect(connection.isOpen)
    connection.answer()
    #expect(try connection.sent().hasPrefix("HTTP/1.1 200 "))
  }

  @Test func aClientThatClosesItsHalfStillGetsItsLastAnswer() throws {
    let connection = try TestConnection()
    connection.send("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    connection.answer(isFlushed: false)
    connection.closeInput()
    #expect(connection.isOpen)
    connection.flush()
    #expect(try connection.sent().hasPrefix("HTTP/1.1 200 "))
    #expect(!connection.isOpen)
  }
}
