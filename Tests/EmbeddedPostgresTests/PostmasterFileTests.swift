// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EmbeddedPostgres

@Suite struct PostmasterFileTests {
  @Test(
    arguments: [
      ("", nil), ("\n", nil), ("postgres\n", nil), ("0\n", nil), ("99999999999\n", nil),
      ("17", PostmasterFile(processID: 17, status: nil)),
      ("-17\n/data\n", PostmasterFile(processID: 17, status: nil)),
      ("17\n/d\n1\n5432\n/s\n\n 1 2\n", PostmasterFile(processID: 17, status: nil)),
      (
        "17\n/d\n1\n5432\n/s\n\n 1 2\nstarting\n", PostmasterFile(processID: 17, status: "starting")
      ),
      ("17\n/d\n1\n5432\n/s\n\n 1 2\nready   \n", PostmasterFile(processID: 17, status: "ready")),
    ] as [(String, PostmasterFile?)])
  func reads(text: String, expected: PostmasterFile?) {
    #expect(PostmasterFile(text) == expected)
  }
}
