// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension ObjectReader {
  /// `recovery_alerts?: {failures?: {count, window_seconds}, success_rate?: {below_percent, window_seconds,
  /// minimum_attempts?}, escalation?, repeat_after_seconds?}`: without it, the standard ones; whole, so that
  /// what it does not name raises no alert.
  mutating func recoveryAlerts() -> RecoveryAlertTerms {
    let members = ["failures", "success_rate", "escalation", "repeat_after_seconds"]
    let terms = nested("recovery_alerts", known: members) { reader in
      RecoveryAlertTerms(
        failures: reader.failures(), successRate: reader.successRate(),
        tellsEscalations: reader.optionalTruth("escalation") ?? false,
        repeatAfterSeconds: reader.optionalCount(
          "repeat_after_seconds", RecoveryAlertTerms.secondsRange)
          ?? RecoveryAlertTerms.standardRepeatSeconds)
    }
    return terms ?? .standard
  }

  private mutating func failures() -> RecoveryAlertTerms.Failures? {
    let failures = nested("failures", known: ["count", "window_seconds"]) { reader in
      let count = reader.requiredCount("count", RecoveryAlertTerms.countRange)
      let window = reader.requiredCount("window_seconds", RecoveryAlertTerms.secondsRange)
      return count.flatMap { count in
        window.map { RecoveryAlertTerms.Failures(count: count, windowSeconds: $0) }
      }
    }
    return failures ?? nil
  }

  private mutating func successRate() -> RecoveryAlertTerms.SuccessRate? {
    let members = ["below_percent", "window_seconds", "minimum_attempts"]
    let rate = nested("success_rate", known: members) { reader in
      let percent = reader.requiredCount("below_percent", RecoveryAlertTerms.percentRange)
      let window = reader.requiredCount("window_seconds", RecoveryAlertTerms.secondsRange)
      let minimum = reader.optionalCount("minimum_attempts", RecoveryAlertTerms.countRange)
      return percent.flatMap { percent in
        window.map {
          RecoveryAlertTerms.SuccessRate(
            belowPercent: percent, windowSeconds: $0,
            minimumAttempts: minimum ?? RecoveryAlertTerms.standardMinimumAttempts)
        }
      }
    }
    return rate ?? nil
  }
}

extension JSONWriter {
  /// What of recoveries raises an alert; null where nothing of its kind does.
  mutating func member(_ name: String, _ terms: RecoveryAlertTerms) {
    key(name)
    object { writer in
      writer.member("failures", terms.failures)
      writer.member("success_rate", terms.successRate)
      writer.key("escalation")
      writer.bool(terms.tellsEscalations)
      writer.member("repeat_after_seconds", count: terms.repeatAfterSeconds)
    }
  }

  private mutating func member(_ name: String, _ failures: RecoveryAlertTerms.Failures?) {
    key(name)
    guard let failures else { return null() }
    object { writer in
      writer.member("count", count: failures.count)
      writer.member("window_seconds", count: failures.windowSeconds)
    }
  }

  private mutating func member(_ name: String, _ rate: RecoveryAlertTerms.SuccessRate?) {
    key(name)
    guard let rate else { return null() }
    object { writer in
      writer.member("below_percent", count: rate.belowPercent)
      writer.member("window_seconds", count: rate.windowSeconds)
      writer.member("minimum_attempts", count: rate.minimumAttempts)
    }
  }

  private mutating func member(_ name: String, count: Int) {
    key(name)
    int(count)
  }
}
