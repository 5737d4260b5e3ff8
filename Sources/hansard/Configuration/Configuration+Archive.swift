// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance

extension Configuration {
  /// Where archives and the log of erasures are kept, as it was given; nowhere unless there is a URL.
  struct Archive: Sendable {
    /// What the variables stand for.
    enum Place: Sendable {
      case directory(String)
      case s3(S3Settings)
    }

    /// `HANSARD_ARCHIVE_URL`.
    var url: String?
    /// `HANSARD_ERASURE_LOG_URL`.
    var erasureLogURL: String?
    /// `HANSARD_S3_ENDPOINT`; nil: Amazon's of the region.
    var endpoint: String?
    /// `HANSARD_S3_REGION`.
    var region = "us-east-1"
    /// `HANSARD_S3_ACCESS_KEY_ID`.
    var accessKeyID: String?
    /// `HANSARD_S3_SECRET_ACCESS_KEY`; a secret.
    var secretAccessKey: String?
    /// `HANSARD_S3_PATH_STYLE`: the bucket stands in the path, not in the host's name.
    var usesPathStyle = false
    /// All of it, where it is in order and there is a URL.
    var place: Place?
    /// The same of the log of erasures.
    var erasureLogPlace: Place?
  }

  /// Reads the variables and settles what they stand for.
  mutating func readArchive(_ reader: inout EnvironmentReader) {
    archive.url = reader.text(.archiveURL)
    archive.erasureLogURL = reader.text(.erasureLogURL)
    archive.endpoint = reader.text(.s3Endpoint)
    archive.region = reader.text(.s3Region) ?? archive.region
    archive.accessKeyID = reader.text(.s3AccessKeyID)
    archive.secretAccessKey = reader.text(.s3SecretAccessKey)
    archive.usesPathStyle = reader.flag(.s3PathStyle, default: archive.usesPathStyle)
    let base = s3Base(&reader)
    archive.place = place(.archiveURL, archive.url, base, &reader)
    archive.erasureLogPlace = place(.erasureLogURL, archive.erasureLogURL, base, &reader)
  }

  /// What all buckets have in common: nil where there is none, or something is not in order.
  private func s3Base(_ reader: inout EnvironmentReader) -> S3Base? {
    let urls = [(Variable.archiveURL, archive.url), (.erasureLogURL, archive.erasureLogURL)]
    let isS3 = { (url: String?) in url.map { Self.rest(of: $0, behind: "s3://") != nil } ?? false }
    guard let user = urls.first(where: { isS3($0.1) }) else {
      refuseS3(
        "\(Variable.archiveURL.rawValue) is \(archive.url == nil ? "not set" : "a directory")",
        &reader)
      return nil
    }
    let endpoint = s3Endpoint(&reader)
    let credentials = s3Credentials(for: user.0, &reader)
    guard let endpoint, let credentials else { return nil }
    return S3Base(endpoint: endpoint, credentials: credentials)
  }

  private struct S3Base {
    var endpoint: WebhookURL
    var credentials: SignatureV4.Credentials
  }

  private func place(
    _ variable: Variable, _ url: String?, _ base: S3Base?, _ reader: inout EnvironmentReader
  ) -> Archive.Place? {
    guard let url else { return nil }
    if let path = Self.rest(of: url, behind: "file://"), Self.isDirectoryPath(path) {
      return .directory(path)
    }
    guard let rest = Self.rest(of: url, behind: "s3://"), let place = Self.bucketAndPrefix(rest)
    else {
      reader.refuse(
        variable.rawValue,
        "must be file:///an/absolute/path or s3://bucket/prefix, of letters, digits and . _ -")
      return nil
    }
    return base.map { base in
      .s3(
        S3Settings(
          endpoint: base.endpoint, region: archive.region, bucket: place.bucket,
          prefix: place.prefix, credentials: base.credentials,
          usesPathStyle: archive.usesPathStyle))
    }
  }

  private func s3Endpoint(_ reader: inout EnvironmentReader) -> WebhookURL? {
    guard Self.isRegion(archive.region) else {
      reader.refuse(Variable.s3Region.rawValue, "must be a region such as eu-central-1")
      return nil
    }
    guard let text = archive.endpoint else {
      return S3Settings.standardEndpoint(of: archive.region)
    }
    guard let endpoint = WebhookURL(text), endpoint.target == "/" else {
      reader.refuse(
        Variable.s3Endpoint.rawValue, "must be a URL such as https://s3.example.com and no path")
      return nil
    }
    guard endpoint.isSecure || stage != .production else {
      reader.refuse(
        Variable.s3Endpoint.rawValue, "must be https:// unless HANSARD_ENV is development or test")
      return nil
    }
    return endpoint
  }

  private func s3Credentials(
    for user: Variable, _ reader: inout EnvironmentReader
  ) -> SignatureV4.Credentials? {
    let parts: [(Variable, String?)] = [
      (.s3AccessKeyID, archive.accessKeyID), (.s3SecretAccessKey, archive.secretAccessKey),
    ]
    for (variable, value) in parts {
      if value == nil, !reader.mentions(variable) {
        reader.refuse(variable.rawValue, "must be set, since \(user.rawValue) is an s3:// URL")
      } else if let value, !Self.isCredential(value) {
        reader.refuse(variable.rawValue, "must be up to 200 visible ASCII characters")
      }
    }
    guard let id = archive.accessKeyID, let secret = archive.secretAccessKey,
      Self.isCredential(id), Self.isCredential(secret)
    else { return nil }
    return SignatureV4.Credentials(accessKeyID: id, secretAccessKey: secret)
  }

  /// Refuses what would be without effect.
  private func refuseS3(_ reason: String, _ reader: inout EnvironmentReader) {
    for variable in Variable.allCases where variable.isOfS3 && reader.mentions(variable) {
      reader.refuse(variable.rawValue, "is set, but \(reason)")
    }
  }
}

/// What values may look like: nothing in them needs to be encoded anywhere.
extension Configuration {
  private static func rest(of text: String, behind start: String) -> String? {
    guard text.utf8.starts(with: start.utf8) else { return nil }
    return String(decoding: text.utf8.dropFirst(start.utf8.count), as: UTF8.self)
  }

  private static func isDirectoryPath(_ path: String) -> Bool {
    guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count <= 1024 else { return false }
    return areSegments(path.utf8.dropFirst())
  }

  /// `bucket`, `bucket/prefix` or `bucket/prefix/`.
  private static func bucketAndPrefix(_ text: String) -> (bucket: String, prefix: String)? {
    let bucket = text.utf8.prefix { $0 != UInt8(ascii: "/") }
    var prefix = text.utf8.dropFirst(bucket.count).dropFirst()
    if prefix.last == UInt8(ascii: "/") { prefix = prefix.dropLast() }
    guard isBucket(bucket), prefix.count <= 512, prefix.isEmpty || areSegments(prefix) else {
      return nil
    }
    let name = String(decoding: Array(bucket), as: UTF8.self)
    return (name, prefix.isEmpty ? "" : String(decoding: Array(prefix), as: UTF8.self) + "/")
  }

  /// By S3's rules for names of buckets, as far as they keep a host's name one.
  private static func isBucket(_ bytes: some Collection<UInt8>) -> Bool {
    (3...63).contains(bytes.count)
      && bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        .allSatisfy { label in
          let ends = [label.first, Array(label).last]
          return ends.allSatisfy { $0.map(isSmallLetterOrDigit) ?? false }
            && label.allSatisfy { isSmallLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
  }

  /// Names with slashes between them, none of them `.` or `..`.
  private static func areSegments(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .allSatisfy { segment in
        !segment.isEmpty && !segment.allSatisfy { $0 == UInt8(ascii: ".") }
          && segment.allSatisfy {
            isSmallLetterOrDigit($0 | 0x20) && $0 > 0x2F || [0x2D, 0x2E, 0x5F].contains($0)
          }
      }
  }

  private static func isRegion(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { isSmallLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isCredential(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  private static func isSmallLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
  }
}

extension Configuration.Archive {
  /// The value of one of the variables.
  func shown(_ variable: Variable) -> String {
    switch variable {
    case .archiveURL: url ?? ""
    case .erasureLogURL: erasureLogURL ?? ""
    case .s3Endpoint: endpoint ?? ""
    case .s3Region: region
    case .s3AccessKeyID: accessKeyID ?? ""
    case .s3SecretAccessKey: secretAccessKey == nil ? "" : "***"
    case .s3PathStyle: String(usesPathStyle)
    default: ""
    }
  }

  /// The store of archives that the variables stand for.
  var store: (any ArchiveStore)? { Self.store(at: place) }

  /// The store of the log of erasures.
  var erasureLogStore: (any ArchiveStore)? { Self.store(at: erasureLogPlace) }

  private static func store(at place: Place?) -> (any ArchiveStore)? {
    switch place {
    case .directory(let path): DirectoryArchive(directory: path)
    case .s3(let settings): S3Archive(settings: settings)
    case nil: nil
    }
  }
}

extension Variable {
  /// Whether it is about an S3-compatible store.
  var isOfS3: Bool { rawValue.hasPrefix("HANSARD_S3_") }
}
