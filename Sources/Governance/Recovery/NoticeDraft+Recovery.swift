// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

extension NoticeDraft {
  /// An attempt was logged; what is sealed of it is for those who may read its session.
  static func attempted(_ facts: RecoveryFacts, in session: SessionID) -> NoticeDraft {
    NoticeDraft(.attemptLogged, of: facts.event?.recording, facts.user) { writer in
      writer.member("session_id", session.rawValue)
      writer.member("entry_id", facts.entry)
      writer.key("attempt_number")
      writer.int(facts.number)
      writer.member("timestamp", facts.occurredAt)
      writer.member("error_type", facts.errorType)
      writer.member("strategy", facts.strategy)
      writer.key("success")
      writer.bool(facts.success)
      writer.key("rollback_performed")
      writer.bool(facts.rollbackPerformed)
      writer.member("next_action", facts.nextAction)
      writer.key("duration_seconds")
      writer.raw(facts.duration.utf8)
      writer.member("agent_id", facts.agent?.rawValue)
      writer.member("user_id", facts.user?.rawValue)
      writer.member("recording_id", facts.event?.recording)
    }
  }
}
