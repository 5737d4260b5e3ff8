// Hansard
// SPDX-License-Identifier: Apache-2.0

extension HansardClient {
  /// Where a service is, who asks, and how patiently. Its description hides the key.
  public struct Configuration: Sendable, Hashable {
    /// The service's address, `https://host[:port]`; a path in front of `/api` is kept.
    public var baseURL: String
    /// The key; nil: requests are sent without one.
    public var apiKey: APIKey?
    /// How long one try may take, from connecting to the last byte of the answer.
    public var timeout: Duration
    /// What happens after a failure that may pass.
    public var retry: RetryPolicy

    /// A configuration with 30 seconds for each try.
    public init(
      baseURL: String, apiKey: APIKey?, timeout: Duration = .seconds(30),
      retry: RetryPolicy = RetryPolicy()
    ) {
      self.baseURL = baseURL
      self.apiKey = apiKey
      self.timeout = timeout
      self.retry = retry
    }
  }
}

extension HansardClient.Configuration: CustomStringConvertible, CustomDebugStringConvertible {
  /// Without the key, and without what an address may hold of names and passwords.
  public var description: String {
    "Configuration(\(shownURL), key: \(apiKey == nil ? "none" : "hidden"), timeout: \(timeout))"
  }

  /// The same.
  public var debugDescription: String { description }

  /// The address without names and passwords.
  var shownURL: String {
    guard let at = baseURL.utf8.lastIndex(of: UInt8(ascii: "@")) else { return baseURL }
    return "…" + baseURL[at...]
  }

  /// The address without a slash at its end.
  func checkedURL() throws(HansardClientError) -> String {
    guard ["http://", "https://"].contains(where: baseURL.hasPrefix) else {
      throw .invalidInput("the service's address must begin with http:// or https://")
    }
    guard baseURL.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3F && $0 != 0x23 })
    else { throw .invalidInput("the service's address has a query or is not visible ASCII") }
    if let apiKey, !apiKey.isVisible {
      throw .invalidInput("the API key is empty or holds characters that no key has")
    }
    var address = baseURL[...]
    while address.hasSuffix("/") { address.removeLast() }
    return String(address)
  }
}
