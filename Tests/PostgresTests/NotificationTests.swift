// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

@Suite(.emptyDatabase)
struct NotificationTests {
  private let database = TestDatabase.current

  @Test func deliversInOrderWithPayloadAndSender() async throws {
    let listener = try await database.connect()
    let sender = try await database.connect()
    try await listener.listen(to: "news")
    #expect(await !listener.isReusable)
    for payload in ["one", "", "dritté"] {
      _ = try await sender.execute(Query("select pg_notify('news', $1)", payload))
    }
    for payload in ["one", "", "dritté"] {
      let notification = try #require(try await listener.nextNotification(within: .seconds(20)))
      #expect(notification.channel == "news" && notification.payload == payload)
      #expect(notification.backendProcessID == sender.backendProcessID)
    }
    #expect(try await listener.nextNotification(within: .milliseconds(20)) == nil)
  }

  @Test func keepsWhatArrivesDuringAnExchange() async throws {
    let connection = try await database.connect()
    try await connection.listen(to: "news")
    _ = try await connection.execute(Query("notify news, 'self'"))
    #expect(try await connection.nextNotification(within: .seconds(20))?.payload == "self")
  }

  @Test func wakesAWaitThatHasBegun() async throws {
    let listener = try await database.connect()
    try await listener.listen(to: "news")
    let task = Task { try await listener.nextNotification(within: .seconds(20)) }
    try await eventually("the wait has begun") { await listener.isBusy }
    try await database.psql("notify news, 'late'")
    #expect(try await task.value?.payload == "late")
  }

  @Test func cancellingTheWaitKeepsTheConnection() async throws {
    let listener = try await database.connect()
    try await listener.listen(to: "news")
    let task = Task { try await listener.nextNotification(within: .seconds(600)) }
    try await eventually("the wait has begun") { await listener.isBusy }
    task.cancel()
    let error = try await postgresError { try await task.value }
    #expect(error.code == .cancelled)
    try await database.psql("notify news, 'after'")
    #expect(try await listener.nextNotification(within: .seconds(20))?.payload == "after")
  }

  @Test func aLostListenerSaysSo() async throws {
    let listener = try await database.connect()
    try await listener.listen(to: "news")
    try await database.psql("select pg_terminate_backend(\(listener.backendProcessID))")
    let error = try await postgresError {
      try await listener.nextNotification(within: .seconds(20))
    }
    #expect(error.code == .connectionLost)
  }

  @Test func refusesOtherThanPlainChannels() async throws {
    let connection = try await database.connect()
    let error = try await postgresError { try await connection.listen(to: "a; drop table t") }
    #expect(error.code == .misuse)
    #expect(await connection.isReusable)
  }

  @Test func dropsTheOldestBeyondItsBound() {
    var buffer = NotificationBuffer()
    for number in 0...NotificationBuffer.limit {
      buffer.append(Notification(channel: "c", payload: "\(number)", backendProcessID: 1))
    }
    #expect(buffer.popFirst()?.payload == "\(NotificationBuffer.limit / 2)")
  }
}
