// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Everything that is wrong with the configuration, found in one go.
///
/// Names variables and says what is expected; never repeats a value, which may be a secret.
struct ConfigurationError: Error, Equatable {
  /// One thing that is wrong.
  struct Problem: Equatable, CustomStringConvertible {
    /// The variable at fault, as it is spelled in the environment.
    let variable: String
    /// What is expected of it.
    let reason: String

    var description: String { "\(variable): \(reason)" }
  }

  /// In the order of the variables' table; unknown variables last. Never empty.
  let problems: [Problem]

  /// The exit status for all of them: `EX_CONFIG` of `sysexits.h`.
  static let exitStatus: Int32 = 78
}

extension ConfigurationError: CustomStringConvertible {
  /// One line for each problem.
  var description: String {
    problems.map { "configuration: \($0)" }.joined(separator: "\n")
  }
}
