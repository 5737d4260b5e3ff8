// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection
import Testing

@testable import hansard

/// Against what Amazon publishes: its test suite for Signature Version 4, and the examples of S3's manual.
struct SignatureV4Tests {
  private struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var request: SignatureV4.Request
    var signature: String
    var testDescription: String { name }
  }

  private static let noBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  // MARK: - The test suite

  private static func vanilla(
    _ name: String, _ method: String = "GET", _ path: String = "/",
    query: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = [],
    bodyHash: String = noBody, signature: String
  ) -> Case {
    let fixed = [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")]
    return Case(
      name: name,
      request: .init(
        method: method, path: path, query: query, headers: headers + fixed, bodyHash: bodyHash),
      signature: signature)
  }

  private static let unreserved =
    "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

  private static let suite = [
    vanilla(
      "get-vanilla",
      signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    vanilla(
      "get-vanilla-query-order-key-case",
      query: [("Param2", "value2"), ("Param1", "value1")],
      signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    vanilla(
      "get-unreserved", "GET", "/" + unreserved,
      signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
    vanilla(
      "get-utf8", "GET", "/\u{1234}",
      signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    vanilla(
      "get-header-key-duplicate",
      headers: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
      signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
    vanilla(
      "get-header-value-trim",
      headers: [("My-Header1", " value1"), ("My-Header2", #" "a   b   c""#)],
      signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    vanilla(
      "post-vanilla", "POST",
      signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    vanilla(
      "post-x-www-form-urlencoded", "POST",
      headers: [("Content-Type", "application/x-www-form-urlencoded")],
      // Of `Param1=value1`.
      bodyHash: "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
      signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
  ]

  private static let suiteSigner = SignatureV4(
    credentials: .init(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    region: "us-east-1", service: "service")

  @Test(arguments: suite) private func agreesWithTheTestSuite(_ example: Case) throws {
    let moment = try #require(Moment(rfc3339: "2015-08-30T12:36:00Z"))
    let found = try Self.suiteSigner.authorization(of: example.request, at: moment)
    #expect(found.hasSuffix("Signature=\(example.signature)"))
  }

  @Test func writesTheWholeHeader() throws {
    let moment = try #require(Moment(rfc3339: "2015-08-30T12:36:00Z"))
    #expect(
      try Self.suiteSigner.authorization(of: Self.suite[0].request, at: moment)
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        + "SignedHeaders=host;x-amz-date, Signature=\(Self.suite[0].signature)")
    #expect(
      Self.suiteSigner.canonicalRequest(of: Self.suite[0].request) == """
        GET
        /

        host:example.amazonaws.com
        x-amz-date:20150830T123600Z

        host;x-amz-date
        \(Self.noBody)
        """)
    #expect(
      try Self.suiteSigner.stringToSign(of: Self.suite[0].request, at: moment) == """
        AWS4-HMAC-SHA256
        20150830T123600Z
        20150830/us-east-1/service/aws4_request
        bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63
        """)
  }

  // MARK: - The examples of S3's manual

  private static func s3(
    _ name: String, _ method: String = "GET", _ path: String = "/",
    query: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = [],
    bodyHash: String = noBody, signature: String
  ) -> Case {
    let fixed = [
      ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", bodyHash),
      ("x-amz-date", "20130524T000000Z"),
    ]
    return Case(
      name: name,
      request: .init(
        method: method, path: path, query: query, headers: headers + fixed, bodyHash: bodyHash),
      signature: signature)
  }

  private static let manual = [
    s3(
      "get object", "GET", "/test.txt", headers: [("Range", "bytes=0-9")],
      signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    s3(
      "put object", "PUT", "/test$file.text",
      headers: [
        ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
      ],
      // Of `Welcome to Amazon S3.`
      bodyHash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
      signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
    s3(
      "get bucket lifecycle", query: [("lifecycle", "")],
      signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    s3(
      "list objects", query: [("max-keys", "2"), ("prefix", "J")],
      signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
  ]

  private static let manualSigner = SignatureV4(
    credentials: .init(
      accessKeyID: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    region: "us-east-1", service: "s3")

  @Test(arguments: manual) private func agreesWithTheManual(_ example: Case) throws {
    let moment = try #require(Moment(rfc3339: "2013-05-24T00:00:00Z"))
    let found = try Self.manualSigner.authorization(of: example.request, at: moment)
    #expect(found.hasSuffix("Signature=\(example.signature)"))
  }

  /// The planted defect, by which headers are not put in order, is noticed by both.
  @Test func theDefectIsNoticed() throws {
    var (suite, manual) = (Self.suiteSigner, Self.manualSigner)
    suite.leavesHeadersUnsorted = true
    manual.leavesHeadersUnsorted = true
    let moment = try #require(Moment(rfc3339: "2015-08-30T12:36:00Z"))
    let later = try #require(Moment(rfc3339: "2013-05-24T00:00:00Z"))
    let missed = try Self.suite.filter {
      try !suite.authorization(of: $0.request, at: moment).hasSuffix($0.signature)
    }
    let missedToo = try Self.manual.filter {
      try !manual.authorization(of: $0.request, at: later).hasSuffix($0.signature)
    }
    #expect(missed.map(\.name).contains("get-header-value-trim"))
    #expect(missedToo.map(\.name) == ["get object", "put object"])
  }

  @Test func credentialsAreNotShown() {
    let credentials = SignatureV4.Credentials(accessKeyID: "id", secretAccessKey: "s3cr3t")
    var shown = ""
    dump(credentials, to: &shown)
    #expect(!"\(credentials) \(String(reflecting: credentials)) \(shown)".contains("s3cr3t"))
  }
}
