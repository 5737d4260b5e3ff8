// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// What a client offers in `Sec-WebSocket-Protocol`: the one field of a handshake that a page in a browser
/// has a say in, so that credentials go there.
struct WebSocketProtocols: Sendable {
  /// The protocol that we speak.
  static let ours = "hansard.v1"
  /// What stands in front of a ticket. A ticket is letters, digits, `-` and `_`: a token (RFC 9110, section
  /// 5.6.2) as it is.
  static let ticketPrefix = "hansard.ticket."

  /// Whether our protocol is among those offered, which are told apart by case.
  let offersOurs: Bool
  private let tickets: [String]

  /// Reads the fields of a request.
  init(_ fields: HTTPFields) {
    let offered = fields[values: .secWebSocketProtocol].flatMap { $0.split(separator: ",") }.map {
      String($0.drop(while: Self.isBlank).reversed().drop(while: Self.isBlank).reversed())
    }
    offersOurs = offered.contains(Self.ours)
    tickets = offered.filter { $0.hasPrefix(Self.ticketPrefix) }
      .map { String($0.dropFirst(Self.ticketPrefix.count)) }
  }

  /// The ticket of a request with these fields; nil where there is none.
  ///
  /// - Throws: `malformedRequest` for one that comes beside `Authorization`, or without our protocol, which
  ///   browsers need as the answer; `unauthenticated` for several. None of them is used up then.
  static func ticket(in fields: HTTPFields) throws(Problem) -> String? {
    let protocols = WebSocketProtocols(fields)
    guard let ticket = protocols.tickets.first else { return nil }
    guard fields[values: .authorization].isEmpty else {
      throw Problem(.malformedRequest, "There is a ticket or Authorization, not both.")
    }
    guard protocols.tickets.count == 1 else { throw BearerToken.refused }
    guard protocols.offersOurs else {
      throw Problem(.malformedRequest, "The protocol \(ours) is offered beside a ticket.")
    }
    return ticket
  }

  private static func isBlank(_ character: Character) -> Bool {
    character == " " || character == "\t"
  }
}
