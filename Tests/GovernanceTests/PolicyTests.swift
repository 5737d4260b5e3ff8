// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Governance

/// The access model against the table of the design, over every role, operation, owner, flag and
/// bound agent.
struct PolicyTests {
  /// One line per operation; the columns are recorder, member, reviewer, auditor, admin.
  static let table: [(Governance.Operation, String)] = [
    (.startRecording, "all own own none all"),
    (.startAutomatically, "all own own none all"),
    (.appendEvents, "all own own none all"),
    (.stopRecording, "all own own none all"),
    (.completeAbandoned, "none none none none all"),
    (.flagRecording, "none own all none all"),
    (.readRecording, "none own flagged all all"),
    (.readEvents, "none own flagged all all"),
    (.replayRecording, "none own flagged all all"),
    (.exportRecording, "none own flagged all all"),
    (.listRecordings, "none own all all all"),
    (.exportRecordings, "none own all all all"),
    (.watchNotices, "none all all all all"),
    (.createTicket, "none all all all all"),
    (.followRecording, "none own flagged all all"),
    (.readAgents, "none none none all all"),
    (.manageAgents, "none none none none all"),
    (.readUsers, "none none none all all"),
    (.manageUsers, "none none none none all"),
    (.readKeys, "none none none all all"),
    (.createKey, "none none none none all"),
    (.rotateKey, "none none none none all"),
    (.revokeKey, "none none none none all"),
    (.readAnalysts, "none none none all all"),
    (.createAnalyst, "none none none none all"),
    (.dropAnalyst, "none none none none all"),
    (.rotateMasterKey, "none none none none all"),
    (.rotateTenantKey, "none none none none all"),
    (.shredTenantKeys, "none none none none all"),
    (.reapplyErasures, "none none none none all"),
    (.readWebhooks, "none none none all all"),
    (.createWebhook, "none none none none all"),
    (.enableWebhook, "none none none none all"),
    (.disableWebhook, "none none none none all"),
    (.readRedaction, "none none none all all"),
    (.manageRedaction, "none none none none all"),
    (.tryRedaction, "none none none all all"),
    (.readPolicy, "none none none all all"),
    (.managePolicy, "none none none none all"),
    (.previewRetention, "none none none all all"),
    (.undoRetention, "none none none none all"),
    (.applyRetention, "none none none none all"),
    (.readAudit, "none none none all all"),
    (.exportAudit, "none none none all all"),
    (.placeHold, "none none none none all"),
    (.liftHold, "none none none none all"),
    (.readHolds, "none none none all all"),
    (.deleteRecording, "none none none none all"),
    (.approveDeletion, "none none none none all"),
    (.refuseDeletion, "none none none none all"),
    (.readDeletions, "none none none all all"),
    (.readCertificates, "none none none all all"),
    (.readReviews, "none none all all all"),
    (.readReviewMetrics, "none none all all all"),
    (.claimReview, "none none others none others"),
    (.releaseReview, "none none others none others"),
    (.commentReview, "none none others none others"),
    (.decideReview, "none none others none others"),
    (.reopenReview, "none none others none others"),
    (.startRecovery, "all own own none all"),
    (.logRecovery, "all own own none all"),
    (.listRecoveries, "none own own all all"),
    (.findRecovery, "none own own all all"),
    (.readRecoveryHistory, "none own own all all"),
    (.readRecoveryStatistics, "none own own all all"),
    (.reportRecovery, "none own own all all"),
    (.exportRecovery, "none own own all all"),
    (.clearRecovery, "none none none none all"),
    (.clearRecoveries, "none none none none all"),
    (.purgeRecoveries, "none none none none all"),
    (.purgeRecordings, "none none none none all"),
    (.archiveRecording, "none none none none all"),
    (.totalRecoveries, "none own own all all"),
    (.readRecoveryAlerts, "none none none all all"),
  ]

  static let roles: [Role] = [.recorder, .member, .reviewer, .auditor, .admin]

  private let ann = UserID("ann")
  private let bob = UserID("bob")

  private func principal(_ role: Role, user: UserID?, agent: AgentID? = nil) -> Principal {
    Principal(tenant: .make(), key: .make(), role: role, user: user, agent: agent)
  }

  @Test func theTableHasEveryOperationAndRoleOnce() {
    #expect(Self.table.map(\.0) == Governance.Operation.allCases)
    #expect(Set(Self.roles) == Set(Role.allCases))
    for (_, line) in Self.table {
      let words = line.split(separator: " ")
      #expect(words.count == 5 && words.allSatisfy { Reach(rawValue: String($0)) != nil })
    }
  }

  @Test(arguments: table.map(\.0.rawValue))
  func decidesAsTheTableSays(operation name: String) throws {
    let (operation, line) = try #require(Self.table.first { $0.0.rawValue == name })
    for (role, word) in zip(Self.roles, line.split(separator: " ")) {
      let reach = try #require(Reach(rawValue: String(word)))
      for isOwn in [true, false] {
        for isFlagged in [true, false] {
          let facts = AccessFacts(
            owner: isOwn ? ann : bob, agent: AgentID("bot"), isFlagged: isFlagged)
          let decision = Policy.decide(principal(role, user: ann), operation, on: facts)
          let expected = reach.covers(isOwn: isOwn, isFlagged: isFlagged)
          #expect((decision == .allowed) == expected, "\(role) \(name) \(isOwn) \(isFlagged)")
          // A key without a user owns nothing.
          let nobody = Policy.decide(principal(role, user: nil), operation, on: facts)
          let byNobody = reach.covers(isOwn: false, isFlagged: isFlagged)
          #expect((nobody == .allowed) == byNobody, "\(role) \(name) without a user")
        }
      }
    }
  }

  @Test func aBoundRecorderWritesForItsAgentOnly() {
    for operation in [
      Governance.Operation.startRecording, .startAutomatically, .appendEvents, .stopRecording,
      .startRecovery, .logRecovery,
    ] {
      let bound = principal(.recorder, user: nil, agent: AgentID("bot"))
      let own = AccessFacts(owner: ann, agent: AgentID("bot"))
      let other = AccessFacts(owner: ann, agent: AgentID("other"))
      #expect(Policy.decide(bound, operation, on: own) == .allowed)
      #expect(Policy.decide(bound, operation, on: other) != .allowed)
      #expect(Policy.decide(bound, operation, on: AccessFacts(owner: ann)) != .allowed)
    }
  }

  /// Only reviews ask who owns the agent; there it shuts its owners out, whoever's the recording is.
  @Test(arguments: table.map(\.0.rawValue))
  func anAgentsOwnersReviewNoneOfItsRecordings(operation name: String) throws {
    let (operation, line) = try #require(Self.table.first { $0.0.rawValue == name })
    let owner = try #require(ann)
    for (role, word) in zip(Self.roles, line.split(separator: " ")) {
      for isFlagged in [true, false] {
        var facts = AccessFacts(owner: bob, agent: AgentID("bot"), isFlagged: isFlagged)
        let before = Policy.decide(principal(role, user: ann), operation, on: facts)
        facts.agentOwners = [owner]
        let after = Policy.decide(principal(role, user: ann), operation, on: facts)
        if word == "others" {
          #expect(before == .allowed, "\(role) \(name)")
          #expect(after == .refused("This is a recording of your own agent."), "\(role) \(name)")
        } else {
          #expect(after == before, "\(role) \(name)")
        }
        // Somebody else's, and nobody's.
        for user in [UserID("rita"), nil] {
          let other = Policy.decide(principal(role, user: user), operation, on: facts)
          facts.agentOwners = []
          #expect(other == Policy.decide(principal(role, user: user), operation, on: facts))
          facts.agentOwners = [owner]
        }
      }
    }
  }

  /// No key that reviews can be bound to an agent today; if one could, it would not.
  @Test func anAgentsKeyReviewsNothing() {
    for (operation, line) in Self.table where line.hasSuffix("others") {
      for role in [Role.reviewer, .admin] {
        let bound = principal(role, user: ann, agent: AgentID("bot"))
        for agent in [AgentID("bot"), AgentID("other"), nil] {
          let facts = AccessFacts(owner: bob, agent: agent)
          #expect(Policy.decide(bound, operation, on: facts) != .allowed, "\(role) \(operation)")
        }
      }
    }
  }

  @Test func whatHasNoOwnerBelongsToNobody() {
    let facts = AccessFacts()
    for operation in [Governance.Operation.appendEvents, .readRecording, .flagRecording] {
      for user in [ann, nil] {
        #expect(Policy.decide(principal(.member, user: user), operation, on: facts) != .allowed)
      }
    }
    #expect(Policy.decide(principal(.reviewer, user: nil), .readEvents, on: facts) != .allowed)
  }

  @Test func aMemberListsItsOwnWithoutNamingItself() {
    let facts = AccessFacts()
    #expect(Policy.decide(principal(.member, user: ann), .listRecordings, on: facts) == .allowed)
    #expect(Policy.decide(principal(.member, user: nil), .listRecordings, on: facts) != .allowed)
    #expect(Policy.decide(principal(.recorder, user: ann), .listRecordings, on: facts) != .allowed)
  }

  @Test func listsShowWhatTheirRoleMayRead() throws {
    let ann = try #require(ann)
    #expect(ListScope(of: principal(.member, user: ann)) == .own(ann))
    #expect(ListScope(of: principal(.reviewer, user: ann)) == .flaggedOrOwn(ann))
    #expect(ListScope(of: principal(.reviewer, user: nil)) == .flaggedOrOwn(nil))
    for user in [ann, nil] {
      #expect(ListScope(of: principal(.auditor, user: user)) == .everything)
      #expect(ListScope(of: principal(.admin, user: user)) == .everything)
    }
  }

  @Test func refusalsSayWhy() {
    let decision = Policy.decide(principal(.auditor, user: nil), .stopRecording, on: .init())
    #expect(decision == .refused("An auditor changes nothing."))
  }
}
