// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The facts about a thing that decide who may touch it.
package struct AccessFacts: Sendable, Equatable {
  /// Whose recording it is, or whose it would be.
  package var owner: UserID?
  /// The agent that it records.
  package var agent: AgentID?
  /// Whether a reviewer has been asked to look.
  package var isFlagged: Bool
  /// Who owns the agent, or did while it was recorded; known where reviews are decided on.
  package var agentOwners: Set<UserID>

  /// Facts of a recording; of a thing without an owner where none are given.
  package init(
    owner: UserID? = nil, agent: AgentID? = nil, isFlagged: Bool = false,
    agentOwners: Set<UserID> = []
  ) {
    self.owner = owner
    self.agent = agent
    self.isFlagged = isFlagged
    self.agentOwners = agentOwners
  }
}

/// The whole access model: who may do what, as a pure function.
package enum Policy {
  /// What was decided; a refusal says why, for the audit log and the caller.
  package enum Decision: Sendable, Equatable {
    case allowed
    case refused(String)
  }

  /// Decides whether `principal` may perform `operation` on a thing with these `facts`.
  ///
  /// Tenancy is not decided here: a thing of another tenant is never found in the first place.
  package static func decide(
    _ principal: Principal, _ operation: Operation, on facts: AccessFacts
  ) -> Decision {
    switch operation {
    case .startRecording, .startAutomatically, .appendEvents, .stopRecording:
      writing(principal, facts, elsewhere: "This is not your recording.")
    case .flagRecording: flagging(principal, facts)
    case .readRecording, .readEvents, .replayRecording, .exportRecording, .followRecording:
      reading(principal, facts)
    case .watchNotices, .createTicket:
      principal.role == .recorder
        ? .refused("A recorder reads nothing back.") : .allowed
    case .listRecordings, .exportRecordings: listing(principal, facts)
    case .readReviews, .readReviewMetrics:
      principal.role.reviews || principal.role == .auditor
        ? .allowed : .refused("Only reviewers, auditors and admins may see this.")
    case .claimReview, .releaseReview, .commentReview, .decideReview, .reopenReview:
      reviewing(principal, facts)
    case .readAgents, .readUsers, .readKeys, .readAnalysts, .readWebhooks, .readRedaction,
      .tryRedaction, .readPolicy, .previewRetention, .readAudit, .exportAudit, .readRecoveryAlerts,
      .readHolds, .readDeletions, .readCertificates:
      principal.role == .admin || principal.role == .auditor
        ? .allowed : .refused("Only admins and auditors may see this.")
    case .manageAgents, .manageUsers, .createKey, .rotateKey, .revokeKey, .createAnalyst,
      .dropAnalyst, .manageRedaction, .managePolicy, .createWebhook, .enableWebhook,
      .disableWebhook, .clearRecovery, .clearRecoveries, .purgeRecoveries, .purgeRecordings,
      .placeHold, .liftHold, .deleteRecording, .approveDeletion, .refuseDeletion, .undoRetention,
      .applyRetention, .completeAbandoned, .archiveRecording, .rotateMasterKey, .rotateTenantKey,
      .shredTenantKeys, .reapplyErasures:
      principal.role == .admin ? .allowed : .refused("Only an admin may change this.")
    case .startRecovery, .logRecovery:
      writing(principal, facts, elsewhere: "This session does not name you.")
    case .findRecovery, .readRecoveryHistory, .readRecoveryStatistics, .reportRecovery,
      .exportRecovery:
      readingRecovery(principal, facts)
    case .listRecoveries, .totalRecoveries: listingRecoveries(principal, facts)
    }
  }

  /// - Parameter reason: Why who writes of their own only may not write there.
  private static func writing(
    _ principal: Principal, _ facts: AccessFacts, elsewhere reason: String
  ) -> Decision {
    switch principal.role {
    case .admin: return .allowed
    case .auditor: return .refused("An auditor changes nothing.")
    case .recorder:
      guard let bound = principal.agent, bound != facts.agent else { return .allowed }
      return .refused("This key records for another agent.")
    case .member, .reviewer:
      return owns(principal, facts) ? .allowed : .refused(reason)
    }
  }

  private static func flagging(_ principal: Principal, _ facts: AccessFacts) -> Decision {
    switch principal.role {
    case .admin, .reviewer: return .allowed
    case .member:
      return owns(principal, facts) ? .allowed : .refused("This is not your recording.")
    case .auditor: return .refused("An auditor changes nothing.")
    case .recorder: return .refused("A recorder only records.")
    }
  }

  /// Nobody judges what was done in their own name, or by an agent that they answer for; what acts for
  /// an agent judges nothing.
  private static func reviewing(_ principal: Principal, _ facts: AccessFacts) -> Decision {
    guard principal.role.reviews else { return .refused("Only reviewers and admins may review.") }
    guard principal.agent == nil else { return .refused("An agent's key reviews nothing.") }
    if owns(principal, facts) { return .refused("This is your own recording.") }
    guard let user = principal.user, facts.agentOwners.contains(user) else { return .allowed }
    return .refused("This is a recording of your own agent.")
  }

  private static func reading(_ principal: Principal, _ facts: AccessFacts) -> Decision {
    switch principal.role {
    case .admin, .auditor: return .allowed
    case .reviewer:
      return facts.isFlagged || owns(principal, facts)
        ? .allowed : .refused("A reviewer reads recordings that are flagged.")
    case .member:
      return owns(principal, facts) ? .allowed : .refused("This is not your recording.")
    case .recorder: return .refused("A recorder reads nothing back.")
    }
  }

  /// A member's list holds its own recordings, a reviewer's also the flagged ones: both follow
  /// from `ListScope`. Asking by name for somebody else's is refused rather than answered empty.
  private static func listing(_ principal: Principal, _ facts: AccessFacts) -> Decision {
    switch principal.role {
    case .admin, .auditor, .reviewer: return .allowed
    case .member:
      return principal.user != nil && facts.owner == nil || owns(principal, facts)
        ? .allowed : .refused("These are not your recordings.")
    case .recorder: return .refused("A recorder reads nothing back.")
    }
  }

  /// A reviewer is no wider here than a member: what is to be reviewed of a recovery is told in the
  /// recording that it was made in.
  private static func readingRecovery(
    _ principal: Principal, _ facts: AccessFacts
  ) -> Decision {
    switch principal.role {
    case .admin, .auditor: return .allowed
    case .member, .reviewer:
      return owns(principal, facts) ? .allowed : .refused("This session does not name you.")
    case .recorder: return .refused("A recorder reads nothing back.")
    }
  }

  /// The list of a member or reviewer holds the sessions that name it: see `RecoveryScope`.
  private static func listingRecoveries(
    _ principal: Principal, _ facts: AccessFacts
  ) -> Decision {
    switch principal.role {
    case .admin, .auditor: return .allowed
    case .member, .reviewer:
      return principal.user != nil && facts.owner == nil || owns(principal, facts)
        ? .allowed : .refused("These sessions do not name you.")
    case .recorder: return .refused("A recorder reads nothing back.")
    }
  }

  private static func owns(_ principal: Principal, _ facts: AccessFacts) -> Bool {
    guard let user = principal.user else { return false }
    return user == facts.owner
  }
}

extension Policy {
  /// Decides whether `principal` is told of a notice that concerns `owner`.
  ///
  /// Of recordings, everybody hears who may find them in a list or, if need be, flag them. Of recoveries, only
  /// who may read the session: nobody hears what they may not read. A kind that this version does not know is
  /// told like what is told to the fewest.
  static func tells(
    _ principal: Principal, of kind: Notice.Kind?, concerning owner: UserID?
  ) -> Bool {
    switch kind {
    case .recordingStarted, .recordingStopped, .recordingFlagged, .recordingReviewed,
      .webhookDisabled:
      principal.role.overseesRecordings || owner != nil && owner == principal.user
    case .attemptLogged, .recoveryAlert, nil:
      decide(principal, .findRecovery, on: AccessFacts(owner: owner)) == .allowed
    }
  }
}

extension Role {
  /// Whether it takes part in reviews.
  fileprivate var reviews: Bool { self == .reviewer || self == .admin }

  /// Whether it is told of all recordings of its tenant; others hear of what is their own.
  fileprivate var overseesRecordings: Bool {
    self == .reviewer || self == .auditor || self == .admin
  }
}

/// The part of a tenant's recordings that a principal's list may show.
package enum ListScope: Sendable, Equatable {
  case everything
  /// The user's own.
  case own(UserID)
  /// The flagged ones, and the user's own where the key is bound to one.
  case flaggedOrOwn(UserID?)

  /// The scope of `principal`; a member's key always names its user.
  package init(of principal: Principal) {
    switch (principal.role, principal.user) {
    case (.member, let user?): self = .own(user)
    case (.admin, _), (.auditor, _): self = .everything
    default: self = .flaggedOrOwn(principal.user)
    }
  }
}
