// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Why something is not the archive that it should be: which line, and never what stands in it.
package struct ArchiveError: Error, Sendable, Hashable {
  package enum Code: String, Error, Sendable, CaseIterable {
    /// A line that is not what must stand there, or is not written in the one way.
    case malformed
    case lineTooLong = "line_too_long"
    /// An archive of a version that this program does not know.
    case unknownVersion = "unknown_version"
    /// It is of another recording or tenant.
    case otherRecording = "other_recording"
    /// An event that is not the next one.
    case outOfSequence = "out_of_sequence"
    /// The fields of an event do not have its leaf hash.
    case leafMismatch = "leaf_mismatch"
    /// The proof of an event does not lead to the root.
    case proofMismatch = "proof_mismatch"
    /// The leaf hashes do not have the root that the first line says, or its times are not theirs.
    case headerMismatch = "header_mismatch"
    /// The last line does not say what came before it.
    case trailerMismatch = "trailer_mismatch"
    /// The end is missing.
    case truncated
    /// Something follows the last line.
    case trailing
    /// What is to be archived changes while it is read, or is not as it was acknowledged.
    case sourceMismatch = "source_mismatch"
  }

  package let code: Code
  /// From 1; 0 where there is no line yet.
  package let line: Int64

  package init(_ code: Code, line: Int64) {
    self.code = code
    self.line = line
  }
}

extension ArchiveError: CustomStringConvertible {
  package var description: String { "archive line \(line): \(code.rawValue)" }
}
