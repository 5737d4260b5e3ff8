// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// The defect that these tests plant in the service: receipts go out before the commit.
enum EarlyReceipts {
  /// The environment of a service that has it.
  static let environment = [
    "HANSARD_ENV": "test", "HANSARD_PLANTED_DEFECT": "acknowledge-before-commit",
  ]
}

extension Deployment {
  /// From now on the commit of an append takes 20 ms and 256 KiB of the disk, by a deferred trigger:
  /// what takes the server or its room away meets appends between their last statement and their
  /// commit. Without that, a full disk refuses the statements already, and a stopped server is seldom
  /// met at that point.
  func delayCommits() async throws {
    try await Psql(postgres: postgres, database: "postgres").run(["-c", Self.lateCommits])
  }

  /// A row of `weights` leaves no room for another one on its page. There are so many that what other
  /// commits have taken in advance for the table does not hold them.
  private static let lateCommits = """
    create unlogged table public.weights (weight text not null);
    alter table public.weights alter weight set storage plain;
    create function public.weigh() returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    as $$
    begin
      perform pg_sleep(0.02);
      insert into public.weights (weight)
      select repeat('x', 5000)
      from generate_series(1, 32);
      return null;
    end
    $$;
    create constraint trigger commits_late
    after update on hansard.recording_progress
    deferrable initially deferred
    for each row
    execute function public.weigh();
    """
}
