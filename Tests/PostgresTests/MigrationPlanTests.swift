// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Postgres

@Suite struct MigrationPlanTests {
  @Test(
    arguments: [
      (0, 0, nil, []), (3, 0, nil, [1, 2, 3]), (3, 1, nil, [2, 3]), (3, 3, nil, []),
      (3, 0, 2, [1, 2]), (3, 2, 2, []), (3, 0, 0, []),
    ] as [(Int, Int, Int?, [Int])])
  func goesUp(count: Int, current: Int, target: Int?, versions: [Int]) throws {
    let plan = try MigrationPlan.up(known: known(count), applied: applied(current), to: target)
    #expect(plan.steps.map(\.version) == versions)
    #expect(plan.steps.allSatisfy { $0.direction == .up && !$0.isRepeated })
  }

  @Test(
    arguments: [
      (3, nil, [3]), (1, nil, [1]), (3, 1, [3, 2]), (3, 0, [3, 2, 1]), (3, 3, []), (0, 0, []),
    ] as [(Int, Int?, [Int])])
  func goesDown(current: Int, target: Int?, versions: [Int]) throws {
    let plan = try MigrationPlan.down(
      applied: applied(current), to: target, allowDataLoss: false)
    #expect(plan.steps.map(\.version) == versions)
    #expect(plan.steps.allSatisfy { $0.direction == .down })
  }

  @Test(
    arguments: [
      (known(3), applied(3), 4, .unknownTarget(4, latest: 3)),
      (known(3), applied(3), -1, .unknownTarget(-1, latest: 3)),
      (known(3), applied(3), 2, .targetIsBehind(2, current: 3)),
      (known(2), applied(4), nil, .databaseIsNewer(unknown: [3, 4], latestKnown: 2)),
      (known(0), applied(1), nil, .databaseIsNewer(unknown: [1], latestKnown: 0)),
      (known(3), applied(3) { $0[1].checksum[0] ^= 1 }, nil, .changed(version: 2, name: "m2")),
      (known(3), applied(2) { $0[0].name = "x" }, nil, .changed(version: 1, name: "x")),
      (known(3), applied(3) { $0.remove(at: 0) }, nil, .missing(version: 1)),
      (
        known(3), applied(3) { $0[1].state = .applying }, nil,
        .halfApplied(version: 2, name: "m2")
      ),
    ] as [([KnownMigration], [AppliedMigration], Int?, MigrationRefusal)])
  func refusesToGoUp(
    known: [KnownMigration], applied: [AppliedMigration], target: Int?, refusal: MigrationRefusal
  ) {
    #expect(throws: refusal) {
      try MigrationPlan.up(known: known, applied: applied, to: target)
    }
    #expect(!refusal.description.isEmpty)
  }

  @Test(
    arguments: [
      (applied(0), nil, .nothingToTakeBack), (applied(0), 1, .nothingToTakeBack),
      (applied(2), 3, .targetIsAhead(3, current: 2)),
      (applied(3) { $0.remove(at: 1) }, 2, .unknownTarget(2, latest: 3)),
      (applied(3), -1, .unknownTarget(-1, latest: 3)),
      (applied(3) { $0[1].isDownDestructive = true }, 0, .dataLoss([losing])),
    ] as [([AppliedMigration], Int?, MigrationRefusal)])
  func refusesToGoDown(applied: [AppliedMigration], target: Int?, refusal: MigrationRefusal) {
    #expect(throws: refusal) {
      try MigrationPlan.down(applied: applied, to: target, allowDataLoss: false)
    }
  }

  @Test func goesDownWithDataLossWhenAllowed() throws {
    let rows = applied(3) { $0[1].isDownDestructive = true }
    #expect(
      try MigrationPlan.down(applied: rows, to: nil, allowDataLoss: false).steps.map(\.version)
        == [3])
    let plan = try MigrationPlan.down(applied: rows, to: 0, allowDataLoss: true)
    #expect(plan.steps.map(\.isDestructive) == [false, true, false])
  }

  @Test func saysWhatIsLost() throws {
    let rows = applied(2) {
      $0[0].isDownDestructive = true
      $0[1].isDownDestructive = true
      $0[1].downSQL =
        "-- migrate: destructive: books (public.book)\n-- migrate: destructive: ink\nselect 1"
    }
    let refusal = #expect(throws: MigrationRefusal.self) {
      try MigrationPlan.down(applied: rows, to: 0, allowDataLoss: false)
    }
    #expect(
      refusal?.description == """
        taking back 2 m2 loses data:
          books
          ink
        taking back 1 m1 loses data
        nothing was taken back: say --allow-data-loss if that is meant
        """)
  }

  @Test(arguments: [AppliedMigration.State.applying, .reverting])
  func repeatsWhatWasInterruptedOnTop(state: AppliedMigration.State) throws {
    // Its text may have been corrected since.
    let rows = applied(2) {
      $0[1].state = state
      $0[1].checksum = [9]
    }
    let up = try MigrationPlan.up(known: known(3), applied: rows, to: nil)
    #expect(up.steps.map(\.version) == [2, 3])
    #expect(up.steps.map(\.isRepeated) == [true, false])
    let down = try MigrationPlan.down(applied: rows, to: nil, allowDataLoss: false)
    #expect(down.steps.map(\.version) == [2])
    #expect(down.steps.map(\.isRepeated) == [true])
  }

  @Test func listsEveryProblem() {
    let rows = applied(5) {
      $0[1].checksum = [9]
      $0[4].state = .applying
      $0.remove(at: 2)
    }
    #expect(
      MigrationProblem.all(known: known(4), applied: rows) == [
        .changed(version: 2, name: "m2"), .missing(version: 3, name: "m3"),
        .unknown(version: 5, name: "m5"), .halfApplied(version: 5, name: "m5"),
      ])
    #expect(MigrationProblem.all(known: known(4), applied: applied(2)).isEmpty)
  }

  @Test func showsPendingAndUnknownInTheStatus() {
    let status = MigrationStatus.all(
      known: known(2), applied: applied(3) { $0.removeSubrange(1...1) })
    #expect(status.map(\.version) == [1, 2, 3])
    #expect(status.map(\.state) == [.applied, .pending, .applied])
    #expect(status.map(\.isKnown) == [true, true, false])
  }
}

private let losing = MigrationPlan.Step(
  direction: .down, version: 2, name: "m2", isDestructive: true)

private func known(_ count: Int) -> [KnownMigration] {
  (0..<count).map {
    KnownMigration(
      version: $0 + 1, name: "m\($0 + 1)", checksum: [UInt8($0)], isTransactional: true)
  }
}

private func applied(
  _ count: Int, _ change: (inout [AppliedMigration]) -> Void = { _ in }
) -> [AppliedMigration] {
  var rows = (0..<count).map {
    AppliedMigration(
      version: $0 + 1, name: "m\($0 + 1)", checksum: [UInt8($0)], downSQL: "select 1",
      isDownDestructive: false, state: .applied, appliedAt: Timestamp(microseconds: 0),
      appliedBy: "postgres")
  }
  change(&rows)
  return rows
}
