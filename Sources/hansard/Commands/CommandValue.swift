// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance
import Postgres

/// Turns words of the command line into the domain's values, or says what is expected.
enum CommandValue {
  /// An id of the caller's choice.
  static func callerID<Kind>(_ text: String) throws -> CallerID<Kind> {
    guard let id = CallerID<Kind>(text) else {
      throw ValidationError(
        "'\(text)' is not an id: 1 to 255 visible ASCII characters without / \\ ? # %.")
    }
    return id
  }

  /// A tenant's id.
  static func tenantID(_ text: String) throws -> TenantID {
    guard let id = TenantID(text) else { throw ValidationError("'\(text)' is not a tenant's id.") }
    return id
  }

  /// Why something is done.
  static func reason(_ text: String) throws -> RecordingText {
    let maximum = RecordingText.maximumReasonBytes
    guard let reason = RecordingText(text, maximumBytes: maximum) else {
      throw ValidationError("A reason has 1 to \(maximum) bytes.")
    }
    return reason
  }

  /// A key's id.
  static func keyID(_ text: String) throws -> KeyID {
    guard let id = KeyID(text) else { throw ValidationError("'\(text)' is not a key's id.") }
    return id
  }

  /// A name for people to read.
  static func name(_ text: String) throws -> DisplayName {
    guard let name = DisplayName(text) else {
      throw ValidationError("A name has 1 to 255 characters and no control characters.")
    }
    return name
  }

  /// A point in time.
  static func time(_ text: String) throws -> Timestamp {
    guard let time = Timestamp(rfc3339: text) else {
      throw ValidationError("'\(text)' is not a time such as 2027-01-31T00:00:00Z.")
    }
    return time
  }
}

extension Role: ExpressibleByArgument {}

extension Agent.Status: ExpressibleByArgument {}

extension RetentionProfile: ExpressibleByArgument {}
