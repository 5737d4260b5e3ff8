// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import Governance
import NIOCore
import NIOHTTP1

/// Sends messages to the receivers that tenants name, and nowhere else.
///
/// A name is resolved once, and the address that was looked at is the one that is connected to: a name that
/// stands for something else a moment later changes nothing. Redirects are not followed, and nothing of the
/// answer but its status is read.
struct WebhookSender: Sendable {
  /// How long one attempt may take, from resolving the name to the head of the answer.
  static let deadline = Duration.seconds(10)

  /// `host` or `host:port`, in small letters: what may be reached wherever it is.
  let allowedHosts: Set<String>
  /// Asks which addresses a name stands for, in the order in which to try them.
  var resolve: @Sendable (_ host: String) async -> [InternetAddress] = {
    await HostResolver.addresses(of: $0)
  }
  /// Whether an address may be reached by whoever names it.
  var isPublic: @Sendable (InternetAddress) -> Bool = { $0.isPublic }

  /// Makes one attempt.
  func send(_ message: WebhookMessage) async -> WebhookOutcome {
    await withTaskGroup(of: WebhookOutcome.self) { group in
      group.addTask { await attempt(message) }
      group.addTask {
        do {
          try await Task.sleep(for: Self.deadline)
        } catch {
          // Cancelled: there is an answer, or nobody wants it any more.
        }
        return .timedOut
      }
      let first = await group.next() ?? .timedOut
      group.cancelAll()
      return first
    }
  }

  private func attempt(_ message: WebhookMessage) async -> WebhookOutcome {
    let addresses = await resolve(message.url.host)
    guard !addresses.isEmpty else { return .unresolved }
    guard let address = addresses.first(where: { mayReach($0, of: message.url) }) else {
      return .addressRefused
    }
    let client = Self.client(connecting: message.url.host, to: address)
    let outcome = await Self.exchange(message, by: client)
    do {
      try await client.shutdown()
    } catch {
      // It is closed already: there is nothing left to do about it.
    }
    return outcome
  }

  private func mayReach(_ address: InternetAddress, of url: WebhookURL) -> Bool {
    isPublic(address) || allowedHosts.contains(url.host)
      || allowedHosts.contains("\(url.host):\(url.port)")
  }

  /// A client that knows one name only.
  private static func client(
    connecting host: String, to address: InternetAddress
  ) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.timeout = .init(connect: .seconds(5), read: .seconds(10))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.dnsOverride = [host: address.text]
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  private static func exchange(
    _ message: WebhookMessage, by client: HTTPClient
  ) async -> WebhookOutcome {
    // The client must read the same host, or it would resolve another one by itself.
    guard let url = URL(string: message.url.text), url.host == message.url.host else {
      return .unresolved
    }
    var request = HTTPClientRequest(url: message.url.text)
    request.method = .POST
    request.headers = [
      "Content-Type": "application/json", "User-Agent": "hansard-webhooks",
      "webhook-id": message.id, "webhook-timestamp": String(message.timestamp),
      "webhook-signature": message.signature,
    ]
    request.body = .bytes(ByteBuffer(bytes: message.body))
    do {
      let response = try await client.execute(request, timeout: TimeAmount(deadline))
      return .answered(Int(response.status.code))
    } catch let error as HTTPClientError
      where [.connectTimeout, .readTimeout, .deadlineExceeded].contains(error)
    {
      return .timedOut
    } catch {
      return .unreachable
    }
  }
}
