// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Governance
import Protection

/// A tenant's policy as JSON: what the API takes and answers, and what the commands read and print.
package enum PolicyDocument {
  /// What `bytes` would settle.
  package static func read(_ bytes: [UInt8]) throws(DomainError) -> TenantPolicy.Terms {
    do throws(Problem) {
      return try terms(bytes)
    } catch {
      throw DomainError(.validationFailed, error.detail, violations: error.violations)
    }
  }

  /// The whole of a policy.
  package static func text(of policy: TenantPolicy) -> String {
    var writer = JSONWriter()
    writer.policy(policy)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// `{retention_days?, retention_profile?, minimum_retention_days?, archive_days?, review_sample_percent?,
  /// new_autonomy_reviews?, four_eyes?, rate_limits?, quotas?, automatic_recording?, recovery_alerts?}`, whole:
  /// what is not given is as if nothing had been settled.
  static func terms(_ bytes: [UInt8]) throws(Problem) -> TenantPolicy.Terms {
    var reader = ObjectReader(
      try JSONDocument.request(bytes, limits: .command).root, known: members)
    let days = reader.optionalCount("retention_days", 1...TenantPolicy.maximumRetentionDays)
    let profile: RetentionProfile? = reader.optional("retention_profile", as: .word())
    let minimum = reader.optionalCount(
      "minimum_retention_days", 1...TenantPolicy.maximumRetentionDays)
    let archive = reader.optionalCount("archive_days", 1...TenantPolicy.maximumRetentionDays)
    let sample = reader.optionalNumber("review_sample_percent", 0...100) ?? 0
    let newcomers = reader.optionalCount(
      "new_autonomy_reviews", 0...TenantPolicy.maximumNewAutonomyReviews)
    let fourEyes = reader.optionalTruth("four_eyes") ?? false
    let limits = reader.limits()
    let rules = reader.automaticRules()
    let alerts = reader.recoveryAlerts()
    return try reader.finish {
      var terms = TenantPolicy.Terms(
        retentionDays: days, reviewSamplePercent: sample, limits: limits, automaticRules: rules)
      terms.retentionProfile = profile
      terms.minimumRetentionDays = minimum
      terms.archiveDays = archive
      terms.fourEyes = fourEyes
      terms.recoveryAlerts = alerts
      if let newcomers { terms.newAutonomyReviews = newcomers }
      return terms
    }
  }

  private static let members = [
    "retention_days", "retention_profile", "minimum_retention_days", "archive_days",
    "review_sample_percent", "new_autonomy_reviews", "four_eyes", "rate_limits", "quotas",
    "automatic_recording",
    "recovery_alerts",
  ]
}
