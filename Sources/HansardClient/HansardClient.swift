// Hansard
// SPDX-License-Identifier: Apache-2.0

public import AsyncHTTPClient

/// A client of a Hansard service.
///
/// ```swift
/// let client = try HansardClient(baseURL: "https://hansard.example", apiKey: APIKey(key))
/// let recording = try await client.start(.init(agentID: "mail-agent", reason: "Answer mail"))
/// try await client.record(.init(type: "step", json: #"{"n": 1}"#), in: recording.id)
/// try await client.stop(recording.id)
/// ```
///
/// Cheap to copy and safe to share; there is nothing to shut down. Every operation throws
/// ``HansardClientError``, and those that change something do it once, however often their request
/// has to be sent (``RetryPolicy``).
public struct HansardClient: Sendable {
  let transport: Transport
  private let shown: String

  /// A client that shares the connections of all clients of the process.
  ///
  /// Throws `invalidInput` for an address that is no HTTP one, or a key that cannot be one.
  public init(_ configuration: Configuration) throws(HansardClientError) {
    try self.init(configuration, http: Transport.http)
  }

  /// The same with the usual timeouts and retries.
  public init(baseURL: String, apiKey: APIKey?) throws(HansardClientError) {
    try self.init(Configuration(baseURL: baseURL, apiKey: apiKey))
  }

  /// A client with an HTTP client of the caller's own, for a proxy or a private authority. It stays
  /// the caller's to shut down, and should not follow redirects.
  public init(_ configuration: Configuration, http: HTTPClient) throws(HansardClientError) {
    transport = Transport(
      url: try configuration.checkedURL(), shownURL: configuration.shownURL,
      key: configuration.apiKey, timeout: configuration.timeout, retry: configuration.retry,
      http: http)
    shown = configuration.description
  }

  /// Whether the service says that it is ready for requests. Asks once, and throws where nobody answers.
  public func isReady() async throws(HansardClientError) -> Bool {
    do throws(HansardClientError) {
      _ = try await transport.sendOnce(.get("/readyz"))
      return true
    } catch {
      guard case .problem = error else { throw error }
      return false
    }
  }
}

extension HansardClient: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Without the key.
  public var description: String { "HansardClient(\(shown))" }

  /// The same.
  public var debugDescription: String { description }

  /// Without children, so that `dump` has nothing to show.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
