// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import NIOWebSocket
import Testing

@testable import API

/// How those who are told live learn that it ends.
struct LiveEndTests {
  @Test(arguments: [
    (LiveEnd.left, 1000 as UInt16, false), (.slow, 1013, true), (.notLive, 1008, true),
    (.stopping, 1001, false), (.sealed, 1013, true),
  ])
  func saysWhetherToComeBack(end: LiveEnd, code: UInt16, cutsStream: Bool) {
    #expect(UInt16(webSocketErrorCode: end.code) == code)
    #expect(end.isCut == cutsStream)
  }
}
