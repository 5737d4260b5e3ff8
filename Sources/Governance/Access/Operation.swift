// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Everything a principal may ask for; the raw value is the `action` of its audit entry.
package enum Operation: String, Sendable, CaseIterable {
  case startRecording = "start_recording"
  case startAutomatically = "auto_recording"
  case appendEvents = "record_event"
  case stopRecording = "stop_recording"
  case flagRecording = "flag_recording"
  case readRecording = "read_recording"
  case readEvents = "read_events"
  case replayRecording = "replay_recording"
  case listRecordings = "list_recordings"
  case readAgents = "read_agents"
  case manageAgents = "manage_agents"
  case readUsers = "read_users"
  case manageUsers = "manage_users"
  case readKeys = "read_keys"
  case createKey = "create_key"
  case revokeKey = "revoke_key"
  case readRedaction = "read_redaction_policy"
  case manageRedaction = "set_redaction_policy"
  case tryRedaction = "try_redaction"

  /// What the operation works on, as the audit log has it (**seed** `component_type`).
  package var component: String {
    switch self {
    case .readAgents, .manageAgents: "agent_registry"
    case .readUsers, .manageUsers: "users"
    case .readKeys, .createKey, .revokeKey: "api_keys"
    case .readRedaction, .manageRedaction, .tryRedaction: "redaction_policy"
    default: "canvas_recording"
    }
  }
}
