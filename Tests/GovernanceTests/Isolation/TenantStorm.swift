// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import Synchronization
import TestSupport

@testable import Governance

/// Many tenants over few connections, and everything that can end a transaction badly: whose tenant is named
/// where, is what is looked at all the time.
struct TenantStorm: Sendable {
  /// What becomes of one transaction.
  enum Incident: CaseIterable, Sendable {
    case none
    /// Answered in one round trip, for one tenant and for several.
    case read, readOfSeveral
    case failingStatement, failingCommit, thrownError
    case cancelled, statementTimeout, deadline
    /// The server's side of the connection is ended by another's command.
    case terminated
    /// A planted defect: a tenant that is set for the session.
    case leak

    /// How often it comes: those that cost a connection less often.
    var weight: Int {
      switch self {
      case .none: 500
      case .read: 150
      case .readOfSeveral: 60
      case .failingStatement, .failingCommit, .thrownError: 60
      case .cancelled, .deadline, .statementTimeout: 10
      case .terminated: 5
      case .leak: 0
      }
    }

    /// Whether the transaction must not end well.
    var mustFail: Bool {
      switch self {
      case .none, .read, .readOfSeveral, .leak: false
      default: true
      }
    }
  }

  /// What was seen.
  struct Report: Sendable {
    var leaks: [String] = []
    var faults: [String] = []
    var counts: [Incident: Int] = [:]
    /// How often somebody without a tenant looked.
    var looksOfNobody = 0
    /// How often a connection was lost that nobody had ended: a pooler in between hands out a session whose
    /// server is just ending.
    var unavailable = 0
  }

  let database: Database
  let tenants: [TenantID]
  var transactions: Int
  /// Planted now and then in place of what was thrown.
  var leaks = false
  var workers = 16

  /// In the suite as many as take some twenty seconds; `POOL_TRANSACTIONS` for more.
  static let standardCount: Int =
    ProcessInfo.processInfo.environment["POOL_TRANSACTIONS"].flatMap { Int($0) } ?? 20_000

  /// Makes tenants who have nothing but themselves.
  static func makeTenants(_ count: Int) async throws -> [TenantID] {
    let tenants = (0..<count).map { _ in TenantID.make() }
    let connection = try await TestDatabase.current.connect(role: "postgres")
    _ = try await connection.execute(
      Query(
        "insert into hansard.tenants (tenant_id, name) select t, 'storm' from unnest($1::uuid[]) as t",
        tenants.map(\.uuid)))
    _ = try await connection.execute(Query("analyze hansard.tenants", prepared: false))
    await connection.close()
    return tenants
  }

  func run() async throws -> Report {
    let order = tenants.shuffled()
    let course = Course()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<workers {
        group.addTask {
          while true {
            let number = course.next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < transactions else { return }
            let (tenant, other) = (order[number % order.count], tenants.randomElement() ?? order[0])
            let incident = leaks && number % 50 == 49 ? .leak : Self.draw()
            let found: Found
            let strangers: [String]?
            do {
              found = try await once(tenant, other, incident)
              strangers = incident == .none && number % 4 > 0 ? nil : try await lookAsNobody()
            } catch let error as DomainError where error.code == .databaseUnavailable {
              course.report.withLock { $0.unavailable += 1 }
              continue
            }
            course.report.withLock { report in
              report.counts[incident, default: 0] += 1
              report.leaks += found.leaks + (strangers ?? [])
              report.faults += found.faults
              report.looksOfNobody += strangers == nil ? 0 : 1
            }
          }
        }
      }
      try await group.waitForAll()
    }
    return course.report.withLock { $0 }
  }

  /// What the workers share.
  private final class Course: Sendable {
    let next = Atomic<Int>(0)
    let report = Mutex(Report())
  }

  private static func draw() -> Incident {
    var dice = Int.random(in: 0..<Incident.allCases.reduce(0) { $0 + $1.weight })
    for incident in Incident.allCases {
      dice -= incident.weight
      if dice < 0 { return incident }
    }
    return .none
  }
}

// MARK: - One transaction

extension TenantStorm {
  private typealias Found = (leaks: [String], faults: [String])

  private func once(
    _ tenant: TenantID, _ other: TenantID, _ incident: Incident
  ) async throws -> Found {
    switch incident {
    case .read:
      let rows = try await database.read(Self.look, of: tenant)
      return (Self.leaks(rows, tenant, "read"), [])
    case .readOfSeveral:
      let asked = [tenant, other, tenant]
      let answers = try await database.read(asked.map { (tenant: $0, query: Self.look) })
      return (zip(answers, asked).flatMap { Self.leaks($0, $1, "read of several") }, [])
    default: return try await transact(tenant, incident)
    }
  }

  private struct Thrown: Error {}

  private func transact(_ tenant: TenantID, _ incident: Incident) async throws -> Found {
    let course = Course()
    let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      defer { beginning.finish() }
      try await database.transaction(of: tenant) { transaction in
        let before = try await transaction.execute(Self.look)
        course.report.withLock { $0.leaks += Self.leaks(before, tenant, "\(incident), before") }
        beginning.yield()
        try await Self.happen(incident, transaction, tenant)
        // Behind what fails at the commit the transaction has failed already.
        guard incident != .failingCommit else { return }
        let after = try await transaction.execute(Self.look)
        course.report.withLock { $0.leaks += Self.leaks(after, tenant, "\(incident), after") }
      }
    }
    if incident == .cancelled {
      for await _ in begun { break }
      task.cancel()
    }
    let hasFailed: Bool
    switch await task.result {
    case .success: hasFailed = false
    case .failure(let error as DomainError)
    where error.code == .databaseUnavailable && !incident.mustFail:
      throw error
    case .failure: hasFailed = true
    }
    let fault = "\(incident): \(hasFailed ? "failed" : "went well")"
    return (course.report.withLock { $0.leaks }, hasFailed == incident.mustFail ? [] : [fault])
  }

  private static func happen(
    _ incident: Incident, _ transaction: PostgresTransaction, _ tenant: TenantID
  ) async throws {
    let sleep = Query("select pg_sleep(30)")
    switch incident {
    case .none, .read, .readOfSeveral: return
    case .failingStatement:
      _ = try await transaction.execute(Query("select 1 / (random() * 0)::int"))
    case .failingCommit: transaction.enqueue(Query("select 1 / (random() * 0)::int"))
    case .thrownError: throw Thrown()
    case .cancelled: _ = try await transaction.execute(sleep)
    case .statementTimeout:
      transaction.enqueue(Query("set local statement_timeout = '2ms'"))
      _ = try await transaction.execute(sleep)
    case .deadline: _ = try await transaction.execute(sleep, deadline: .milliseconds(2))
    case .terminated:
      _ = try await transaction.execute(Query("select pg_terminate_backend(pg_backend_pid())"))
    case .leak:
      _ = try await transaction.execute(
        Query("set hansard.tenant_id = '\(tenant)'", prepared: false))
    }
  }
}

// MARK: - Looking

extension TenantStorm {
  /// The tenants that can be seen, and whose transaction this is.
  private static let look = Query(
    "select t.tenant_id, hansard.tenant() from hansard.tenants as t order by t.tenant_id limit 2")

  private static func leaks(_ rows: QueryResult, _ tenant: TenantID, _ place: String) -> [String] {
    do {
      let seen = try rows.map { row in
        try [TenantID(row.decode(0, as: UUID.self)), TenantID(row.decode(1, as: UUID.self))]
      }
      return seen == [[tenant, tenant]] ? [] : ["\(place): \(tenant) saw \(seen)"]
    } catch {
      return ["\(place): \(error)"]
    }
  }

  /// What somebody sees who gets a connection and names no tenant: nothing.
  private func lookAsNobody() async throws -> [String] {
    let rows = try await database.readWithoutTenant(
      Query(
        """
        select coalesce(current_setting('hansard.tenant_id', true), ''),
          exists (select from hansard.tenants)
        """))
    guard let row = rows.first else { return ["nobody: no answer"] }
    let (setting, sees) = (try row.decode(0, as: String.self), try row.decode(1, as: Bool.self))
    return setting.isEmpty && !sees ? [] : ["nobody: is \(setting)"]
  }
}
