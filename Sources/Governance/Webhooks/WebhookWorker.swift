// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import ServiceLifecycle
import Synchronization

/// Sends notices to webhooks; any number of instances may.
package struct WebhookWorker: Service, Sendable {
  /// How often it looks for what is due.
  private static let interval = Duration.seconds(1)
  /// How long one webhook is worked for before others have their turn.
  private static let turnLength = Duration.seconds(20)
  /// How many are looked at.
  private static let lookLimit = 256

  private let queue: WebhookQueue
  private let deliver: @Sendable (WebhookMessage) async -> WebhookOutcome
  private let turns = WebhookTurns()

  init(
    queue: WebhookQueue, deliver: @escaping @Sendable (WebhookMessage) async -> WebhookOutcome
  ) {
    self.queue = queue
    self.deliver = deliver
  }

  /// Works until a graceful shutdown; what is being sent then is broken off and sent again later.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        while !Task.isCancelled {
          for due in await look() where turns.begin(due) {
            group.addTask {
              await reporting { try await turn(due) }
              turns.end(due)
            }
          }
          do {
            try await Task.sleep(for: Self.interval)
          } catch {
            break  // Cancelled: the service is stopping.
          }
        }
        group.cancelAll()
      }
    }
  }

  private func look() async -> [WebhookQueue.Due] {
    var due: [WebhookQueue.Due] = []
    await reporting { due = try await queue.due(limit: Self.lookLimit) }
    return due
  }

  /// What is to be done with a webhook after a page of notices.
  private enum Next {
    case more, release
    /// It is not ours any more.
    case leave
  }

  private func turn(_ due: WebhookQueue.Due) async throws {
    guard var webhook = try await queue.take(due) else { return }
    let end = ContinuousClock.now + Self.turnLength
    var next = Next.more
    while next == .more { next = try await tell(&webhook, until: end) }
    if next == .release { try await queue.release(webhook) }
  }

  /// Tells a page of notices, one after the other: the next one only when the one before has arrived.
  private func tell(
    _ webhook: inout WebhookQueue.Taken, until end: ContinuousClock.Instant
  ) async throws -> Next {
    let page: NoticeReader.Page
    do {
      page = try await queue.page(for: webhook)
    } catch {
      try await queue.release(webhook)
      throw error
    }
    for notice in page.notices where webhook.wants(notice) {
      guard !Task.isCancelled, .now < end else { return .release }
      let next = try await tell(notice, &webhook)
      guard next == .more else { return next }
    }
    if let last = page.notices.last, webhook.place != last.place {
      webhook.place = last.place
      guard try await queue.move(webhook, delivered: false) else { return .leave }
    }
    return page.isFull && !Task.isCancelled ? .more : .release
  }

  private func tell(_ notice: Notice, _ webhook: inout WebhookQueue.Taken) async throws -> Next {
    let message = try WebhookMessage(
      notice, to: webhook.due.id, at: webhook.url, signedBy: webhook.secret, now: .now())
    let outcome = await deliver(message)
    guard outcome.isSuccess else {
      // Broken off by our own end: nobody's failure.
      if Task.isCancelled { return .release }
      try await failed(webhook, outcome)
      return .leave
    }
    queue.observer.observe(.webhookDelivered)
    webhook.place = notice.place
    webhook.failures = 0
    webhook.failingSince = nil
    return try await queue.move(webhook, delivered: true) ? .more : .leave
  }

  private func failed(_ webhook: WebhookQueue.Taken, _ outcome: WebhookOutcome) async throws {
    queue.observer.observe(
      .webhookFailed(
        tenant: webhook.due.tenant, webhook: webhook.due.id, what: outcome.word))
    let failures = webhook.failures + 1
    if outcome.isGone {
      try await queue.disable(webhook, .gone, because: outcome.word)
    } else if WebhookPatience.isOver(failures: failures, since: webhook.failingSince, at: .now()) {
      try await queue.disable(webhook, .failing, because: outcome.word)
    } else {
      let pause = WebhookPatience.pause(after: failures, jitter: .random(in: 0...1))
      try await queue.postpone(webhook, because: outcome.word, for: pause)
    }
  }

  private func reporting(_ duty: () async throws -> Void) async {
    do {
      try await duty()
    } catch let error as DomainError where error.code == .sealed {
      // `/readyz` says so.
    } catch let error as DomainError {
      queue.observer.observe(.dutyFailed(duty: "webhooks", what: error.code.rawValue))
    } catch {
      queue.observer.observe(.dutyFailed(duty: "webhooks", what: "\(type(of: error))"))
    }
  }
}

/// Which webhooks this instance is at: bounded, and no tenant has all of it.
private final class WebhookTurns: Sendable {
  private static let maximumCount = 64
  private static let maximumOfTenant = 4

  private let current = Mutex<Set<WebhookQueue.Due>>([])

  /// Begins a turn; false where there is no room, or it has begun.
  func begin(_ due: WebhookQueue.Due) -> Bool {
    current.withLock { current in
      guard current.count < Self.maximumCount,
        current.count(where: { $0.tenant == due.tenant }) < Self.maximumOfTenant
      else { return false }
      return current.insert(due).inserted
    }
  }

  func end(_ due: WebhookQueue.Due) {
    current.withLock { _ = $0.remove(due) }
  }
}
