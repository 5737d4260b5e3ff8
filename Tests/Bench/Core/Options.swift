// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The command line.
struct Options: Sendable, Equatable {
  /// The program under test.
  var program = ".build/release/hansard"
  /// Where the list of figures goes.
  var output = ".hansard/bench.json"
  var plan = Plan.full
  var bounds = Bounds.stated
  /// Only groups whose name starts so.
  var only: String?
  /// Slows the load of single events down, so that their figures must be missed.
  var hasPlantedDefect = false

  static let usage = """
    usage: hansard-bench [options]

      --hansard FILE      the program under test (.build/release/hansard)
      --out FILE          the figures as JSON (.hansard/bench.json)
      --short             a minute and a half instead of a quarter of an hour: less of it all
      --rounds N          alternating rounds of each figure (5)
      --seconds N         length of one measurement (5)
      --clients N         connections that are refused and wait, of overload (2000)
      --bounds KIND       stated (what is promised) or generous (for busy machines)
      --only NAME         only the groups whose name starts so
      --planted-defect    wait before each single event: those figures must be missed
    """

  /// Reads arguments from left to right; `--rounds` and `--seconds` change what `--short` chose.
  ///
  /// - Throws: `BenchError` with the reason and the usage.
  init(parsing arguments: [String]) throws {
    if arguments.contains("--short") { plan = .short }
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--short": break
      case "--planted-defect": hasPlantedDefect = true
      default: try set(argument, to: rest.popFirst())
      }
    }
  }

  private mutating func set(_ option: String, to value: String?) throws {
    guard let value else { throw Self.misuse("\(option) is not known, or lacks its value") }
    switch option {
    case "--hansard": program = value
    case "--out": output = value
    case "--rounds":
      plan.rounds = try Self.count(value, of: option)
      plan.rateRounds = plan.rounds
    case "--clients": plan.clients = try Self.count(value, of: option, atMost: 4000)
    case "--seconds": plan.seconds = try Self.count(value, of: option)
    case "--only": only = value
    case "--bounds":
      guard let named = Bounds(rawValue: value) else {
        throw Self.misuse("--bounds is stated or generous")
      }
      bounds = named
    default: throw Self.misuse("\(option) is not known")
    }
  }

  private static func count(
    _ text: String, of option: String, atMost limit: Int = 1000
  ) throws -> Int {
    guard let count = Int(text), (1...limit).contains(count) else {
      throw misuse("\(option) is a number from 1 to \(limit)")
    }
    return count
  }

  private static func misuse(_ reason: String) -> BenchError {
    BenchError("\(reason)\n\n\(usage)")
  }
}
