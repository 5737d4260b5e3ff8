// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Governance
import Protection

/// What a tenant has redacted, as JSON: what the commands read and print is what the API takes and answers.
package enum RedactionDocument {
  /// What `bytes` would set.
  package static func read(_ bytes: [UInt8]) throws(DomainError) -> RedactionPolicyDraft {
    do throws(Problem) {
      return try RedactionBodies.draft(bytes)
    } catch {
      throw DomainError(.validationFailed, error.detail, violations: error.violations)
    }
  }

  /// The whole of a policy, with the families that there are to choose from.
  package static func text(of policy: RedactionPolicy) -> String {
    var writer = JSONWriter()
    writer.policy(policy)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
