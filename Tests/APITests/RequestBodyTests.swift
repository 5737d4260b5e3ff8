// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization
import Testing

@testable import API

/// A body between the connection that brings it and the handler that asks for it.
@Suite(.timeLimit(.minutes(1))) struct RequestBodyTests {
  /// The handler's side: asks for a body of at most 64 KiB while there is room for `room` bytes.
  private static func collect(
    _ body: RequestBody, declared: Int? = nil, room: Int = 1000
  ) async -> RequestBody.Collected {
    let admission = Admission(requests: 1, bytes: room)
    return await body.collect(BodyCollector(.command, declared: declared, admission))
  }

  @Test func givesWhatCameBeforeAnybodyAsked() async {
    let body = RequestBody { Issue.record("Nothing more is wanted.") }
    #expect(!body.isSated)
    body.push(ByteBuffer(string: "ab"))
    #expect(body.isSated)
    body.push(ByteBuffer(string: "c"))
    body.end(.success(()))
    let collected = await Self.collect(body, declared: 3)
    #expect(collected.bytes == Array("abc".utf8))
    #expect(collected.bytesRead == 3)
    #expect(collected.problem == nil)
  }

  @Test func waitsForTheRestAndSaysThatItIsWanted() async {
    let (wanted, wants) = AsyncStream.makeStream(of: Void.self)
    let body = RequestBody { wants.yield() }
    body.push(ByteBuffer(string: "a"))
    async let collected = Self.collect(body)
    for await _ in wanted { break }
    #expect(!body.isSated)
    body.push(ByteBuffer(string: "b"))
    body.push(ByteBuffer(string: "c"))
    body.end(.success(()))
    #expect(await collected.bytes == Array("abc".utf8))
  }

  @Test(arguments: [
    (Result<Void, RequestBodyFailure>.failure(.timeout), ProblemCode.requestTimeout),
    (.failure(.malformed), .malformedRequest), (.success(()), .malformedRequest),
  ])
  func saysWhyItIsNotWhole(
    _ end: Result<Void, RequestBodyFailure>, _ code: ProblemCode
  ) async {
    let body = RequestBody {}
    async let collected = Self.collect(body, declared: 2)
    body.push(ByteBuffer(string: "a"))
    body.end(end)
    body.end(.success(()))
    #expect(await collected.problem?.code == code)
    #expect(await collected.bytesRead == 1)
  }

  @Test func stopsAtTheLimitWithoutWaitingForTheEnd() async {
    let body = RequestBody {}
    async let collected = Self.collect(body, room: 1 << 20)
    body.push(ByteBuffer(repeating: 0x20, count: 64 * 1024))
    body.push(ByteBuffer(string: "x"))
    #expect(await collected.problem?.code == .bodyTooLarge)
    // What was taken is to be given back.
    #expect(await collected.bytesRead == 64 * 1024 + 1)
  }

  @Test func takesNoMoreThanThereIsRoomFor() async {
    let body = RequestBody {}
    async let collected = Self.collect(body, room: 3)
    body.push(ByteBuffer(string: "ab"))
    body.push(ByteBuffer(string: "cd"))
    #expect(await collected.problem?.code == .overloaded)
    #expect(await collected.bytesRead == 2)
  }
}
