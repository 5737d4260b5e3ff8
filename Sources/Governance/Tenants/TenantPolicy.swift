// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// What a tenant's admins have settled for all of its recordings and recoveries.
package struct TenantPolicy: Sendable, Equatable {
  /// Counts from 1; 0: the tenant has settled nothing.
  package var version: Int
  package var terms: Terms
  package var setAt: Timestamp?
  package var setBy: String?
  /// What of it is not in force yet.
  package var pendingRetention: PendingRetention?

  /// What is settled.
  package struct Terms: Sendable, Equatable {
    /// Days that a stopped recording is kept; nil: the deployment's default.
    package var retentionDays: Int?
    /// The law or standard whose minimum is kept; nil: none.
    package var retentionProfile: RetentionProfile?
    /// Days before which nothing that has stopped is purged, whoever asks; nil: none but the profile's.
    package var minimumRetentionDays: Int?
    /// Days after its stop that the events of a recording are moved to the archive; nil: never.
    package var archiveDays: Int?
    /// How many of a hundred recordings that nothing else speaks against are reviewed.
    package var reviewSamplePercent: Double
    /// How many recordings of an agent are reviewed, from the first one since its status became
    /// `autonomous`.
    package var newAutonomyReviews = 10
    /// Whether a verdict holds only when two reviewers have given it.
    package var fourEyes = false
    /// How much of the service the tenant may use.
    package var limits: TenantLimits
    /// What is recorded by itself, beside what autonomous agents do; the first rule that fits decides.
    package var automaticRules: [AutomaticRule]
    /// What of recoveries is told as an alert.
    package var recoveryAlerts = RecoveryAlertTerms.standard

    /// Creates terms.
    package init(
      retentionDays: Int?, reviewSamplePercent: Double, limits: TenantLimits = .none,
      automaticRules: [AutomaticRule] = []
    ) {
      self.retentionDays = retentionDays
      self.reviewSamplePercent = reviewSamplePercent
      self.limits = limits
      self.automaticRules = automaticRules
    }
  }

  /// A shorter retention that comes into force after a time of grace, and can be undone until then.
  package struct PendingRetention: Sendable, Equatable {
    /// What is in force until then; the deployment's default where nothing is settled.
    package var daysBefore: Int
    package var daysAfter: Int
    package var appliesAt: Timestamp
  }

  /// The longest period, in days.
  package static let maximumRetentionDays = 36_500
  /// The most recordings of an agent that is new to autonomy.
  package static let maximumNewAutonomyReviews = 1000

  /// What holds for a tenant that has settled nothing.
  static let standard = TenantPolicy(
    version: 0, terms: Terms(retentionDays: nil, reviewSamplePercent: 0), setAt: nil, setBy: nil)
}
