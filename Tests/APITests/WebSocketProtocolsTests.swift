// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection
import Testing

@testable import API

/// What is read out of `Sec-WebSocket-Protocol`, and which routes look at it.
struct WebSocketProtocolsTests {
  private static let authorization = "Authorization: Bearer good\r\n"

  /// Whether our protocol is offered, and the ticket; `!` stands for a refusal with this status.
  @Test(arguments: [
    ([], false, "none"), (["x"], false, "none"), (["hansard.v1"], true, "none"),
    (["x, hansard.v1 ,y"], true, "none"), (["x", "hansard.v1"], true, "none"),
    (["Hansard.v1"], false, "none"), (["hansard.v10"], false, "none"),
    (["hansard.v1, hansard.ticket.abc"], true, "abc"),
    (["hansard.v1,hansard.ticket.abc"], true, "abc"),
    (["hansard.ticket.abc \t,\t hansard.v1"], true, "abc"),
    (["hansard.ticket.abc", "hansard.v1"], true, "abc"),
    (["hansard.v1, hansard.ticket."], true, ""), (["hansard.ticket.abc"], false, "!400"),
    (["hansard.v1, Hansard.Ticket.abc"], true, "none"),
    (["hansard.v1, hansard.ticket.a, hansard.ticket.a"], true, "!401"),
  ])
  func reads(_ values: [String], _ offersOurs: Bool, _ expected: String) {
    var fields = HTTPFields()
    for value in values { fields.append(.init(name: .secWebSocketProtocol, value: value)) }
    #expect(WebSocketProtocols(fields).offersOurs == offersOurs)
    #expect(Self.outcome(fields) == expected)
  }

  @Test func aTicketBesideAuthorizationIsAMistake() {
    let fields: HTTPFields = [
      .authorization: "Bearer x", .secWebSocketProtocol: "hansard.v1, hansard.ticket.abc",
    ]
    #expect(Self.outcome(fields) == "!400")
  }

  private static func outcome(_ fields: HTTPFields) -> String {
    do throws(Problem) {
      return try WebSocketProtocols.ticket(in: fields) ?? "none"
    } catch {
      return "!\(error.status)"
    }
  }

  @Test func onlyARouteThatTakesTicketsLooks() async throws {
    let routes = [true, false].map { takes in
      Route(.get, takes ? "/with" : "/without", .watchNotices, takesTickets: takes) { _, _ in
        Reply { $0.string("in") }
      }
    }
    try await TestListener.serving(routes) { server in
      let ticket = "Sec-WebSocket-Protocol: hansard.v1, hansard.ticket.good\r\n"
      let cases = [
        ("/with", ticket, 200), ("/without", ticket, 401),
        ("/with", ticket.replacing("good", with: "bad"), 401), ("/with", "", 401),
        ("/with", Self.authorization, 200), ("/with", Self.authorization + ticket, 400),
        // It does not look at what is none of its business.
        ("/without", Self.authorization + ticket, 200),
      ]
      for (path, fields, status) in cases {
        let answer = try await server.exchange(
          "GET \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\(fields)\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(path) \(fields)")
        #expect(!answer.contains("hansard.ticket"))
      }
    }
  }
}
