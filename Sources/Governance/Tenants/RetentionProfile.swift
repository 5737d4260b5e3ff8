// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A law or standard that recordings are kept for; a policy that names one keeps them at least as long.
///
/// What applies to whom is for the tenant's lawyers: a profile holds a policy to the number that its text has,
/// and names the place.
package enum RetentionProfile: String, Sendable, CaseIterable {
  /// Logs of high-risk AI systems, their providers' and their deployers'.
  case euAIAct = "eu_ai_act"
  /// Documentation of what was done with protected health information.
  case hipaa
  /// What a service auditor samples. The criteria name no period: a Type II examination looks back over
  /// up to twelve months.
  case soc2
  /// The least that lets a data subject's request be answered: within a month, for which what it asks about
  /// must still be there. Storage limitation (Article 5(1)(e)) sets the upper bound, which is not a number.
  case gdprMinimum = "gdpr_min"

  /// Calendar periods at their longest.
  package var minimumDays: Int {
    switch self {
    // Six months: July to December.
    case .euAIAct: 184
    // Six years with two leap days.
    case .hipaa: 2192
    // Twelve months.
    case .soc2: 365
    // A month.
    case .gdprMinimum: 31
    }
  }

  /// Where it says so.
  package var article: String {
    switch self {
    case .euAIAct: "Regulation (EU) 2024/1689, Articles 19(1) and 26(6)"
    case .hipaa: "45 CFR 164.316(b)(2)(i)"
    case .soc2: "AICPA TSP Section 100, CC7.2"
    case .gdprMinimum: "Regulation (EU) 2016/679, Article 12(3)"
    }
  }
}

extension TenantPolicy.Terms {
  /// Days before which nothing that has stopped is purged: the profile's or its own, whichever is more.
  package var minimumDays: Int? {
    [retentionProfile?.minimumDays, minimumRetentionDays].compactMap { $0 }.max()
  }

  /// Refuses to keep recordings for less than the minimum.
  ///
  /// - Parameter standard: The deployment's period, for terms that name none.
  func requireMinimum(standard: Int) throws(DomainError) {
    let days = retentionDays ?? standard
    guard let minimumDays, days < minimumDays else { return }
    let what = retentionDays == nil ? "The deployment's \(standard) days are too few: it" : "It"
    let cause =
      if let retentionProfile, retentionProfile.minimumDays == minimumDays {
        "\(retentionProfile.rawValue), by \(retentionProfile.article)"
      } else {
        "its own minimum_retention_days"
      }
    throw .invalid(
      "/retention_days", "bad_value", "\(what) must be at least \(minimumDays), for \(cause).")
  }
}
