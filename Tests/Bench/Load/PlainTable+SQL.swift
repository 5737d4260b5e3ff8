// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The plain table of the yardstick, and what `pgbench` does to it.
enum PlainTable {
  static let create = """
    create schema bench;
    create table bench.plain (
      id bigint generated always as identity,
      body text not null,
      constraint plain_pkey primary key (id)
    );
    """

  /// Before each round, so that its size does not matter.
  static let empty = "truncate bench.plain"

  /// The row is a parameter, as it is for every real client.
  static let insertOne = "insert into bench.plain (body) values (:body);\n"

  /// The rows are in the statement, which is prepared once: more variables than `pgbench` has would
  /// be needed otherwise.
  static func insertMany(_ rows: Int) -> String {
    let values = (1...rows).map { "('\(EventText.data($0))')" }.joined(separator: ",\n  ")
    return "insert into bench.plain (body) values\n  \(values);\n"
  }
}
