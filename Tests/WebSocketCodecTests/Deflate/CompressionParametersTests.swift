import Testing

@testable import WebSocketCodec

@Suite struct CompressionParametersTests {
    /// What a server that keeps its windows answers to the values of the header.
    @Test(
        "RFC 7692 §7.1: every combination of parameters is answered by what was asked for",
        arguments: [
            (["permessage-deflate"], "permessage-deflate"),
            (["permessage-deflate; client_max_window_bits"], "permessage-deflate"),
            (["permessage-deflate;server_no_context_takeover"], "permessage-deflate; server_no_context_takeover"),
            (["permessage-deflate ; client_no_context_takeover"], "permessage-deflate; client_no_context_takeover"),
            (["permessage-deflate; server_max_window_bits=9"], "permessage-deflate; server_max_window_bits=9"),
            (["permessage-deflate; server_max_window_bits=15"], "permessage-deflate; server_max_window_bits=15"),
            (["permessage-deflate; client_max_window_bits=8"], "permessage-deflate; client_max_window_bits=8"),
            (["permessage-deflate; client_max_window_bits=\"1\\2\""], "permessage-deflate; client_max_window_bits=12"),
            (
                [
                    "permessage-deflate;client_max_window_bits=10;server_max_window_bits=\"11\""
                        + ";client_no_context_takeover;server_no_context_takeover"
                ],
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
                    + "; server_max_window_bits=11; client_max_window_bits=10"
            ),
            // The first offer that can be taken, over all elements and header fields.
            (
                ["foo; bar=\"a\", permessage-deflate; server_max_window_bits=8", "\tpermessage-deflate , x-other"],
                "permessage-deflate"
            ),
            (
                ["permessage-deflate; server_max_window_bits=10, permessage-deflate"],
                "permessage-deflate; server_max_window_bits=10"
            ),
            (
                ["permessage-deflate; a, permessage-deflate; server_max_window_bits=16, permessage-deflate"],
                "permessage-deflate"
            ),
        ] as [([String], String)]
    )
    func accepts(values: [String], answer: String) {
        #expect(CompressionParameters.negotiate(values, policy: .contextTakeover)?.headerValue == answer)
    }

    @Test(
        "Offers with wrong parameters, and headers that break the grammar, go on without compression",
        arguments: [
            [], [""], [","], ["deflate"], ["PERMESSAGE-DEFLATE"], ["x-webkit-deflate-frame"],
            ["permessage-deflate; server_max_window_bits"], ["permessage-deflate; server_max_window_bits="],
            ["permessage-deflate; server_max_window_bits=7"], ["permessage-deflate; server_max_window_bits=8"],
            ["permessage-deflate; server_max_window_bits=16"], ["permessage-deflate; server_max_window_bits=015"],
            ["permessage-deflate; server_max_window_bits=+9"], ["permessage-deflate; server_max_window_bits=1e1"],
            ["permessage-deflate; server_max_window_bits=99999999999999999999999"],
            ["permessage-deflate; server_max_window_bits=\"9 \""], ["permessage-deflate; server_max_window_bits=\"9"],
            ["permessage-deflate; server_max_window_bits=\"9\\"], ["permessage-deflate; server_max_window_bits=\"9\"0"],
            ["permessage-deflate; client_max_window_bits=7"], ["permessage-deflate; client_max_window_bits=16"],
            ["permessage-deflate; client_max_window_bits=09"], ["permessage-deflate; client_max_window_bits=-9"],
            ["permessage-deflate; client_max_window_bits=\"\""], ["permessage-deflate; client_max_window_bits=٩"],
            ["permessage-deflate; client_no_context_takeover=1"],
            ["permessage-deflate; server_no_context_takeover=true"],
            ["permessage-deflate; server_no_context_takeover; server_no_context_takeover"],
            ["permessage-deflate; client_max_window_bits; client_max_window_bits=9"],
            ["permessage-deflate; Server_No_Context_Takeover"], ["permessage-deflate; unknown"],
            ["permessage-deflate; unknown=1; client_max_window_bits"],
            // Grammar.
            ["permessage-deflate;"], ["permessage-deflate;; client_max_window_bits"], ["permessage-deflate,"],
            [",permessage-deflate"], ["permessage-deflate x"], ["permessage-deflate=1"], ["; client_max_window_bits"],
            ["permessage-deflate; =9"], ["permessage-deflate; client max"], ["permessage-deflate", "a;;b"],
            ["a/b, permessage-deflate"], ["permessage-deflate; é"], ["permessage-deflate\u{B}"],
        ] as [[String]]
    )
    func declines(values: [String]) {
        #expect(CompressionParameters.negotiate(values, policy: .contextTakeover) == nil)
        #expect(CompressionParameters.negotiate(values, policy: .noContextTakeover) == nil)
    }

    @Test(
        "Without takeover the answer always says so for both sides",
        arguments: [
            ("permessage-deflate", ""),
            ("permessage-deflate; client_max_window_bits", ""),
            ("permessage-deflate; server_no_context_takeover; client_no_context_takeover", ""),
            ("permessage-deflate; server_max_window_bits=15", "; server_max_window_bits=15"),
            ("permessage-deflate; client_max_window_bits=9", "; client_max_window_bits=9"),
            // RFC 7692 §7.1.2.1: the smaller window is declined, the fallback behind it is taken.
            ("permessage-deflate; server_max_window_bits=14, permessage-deflate", ""),
        ]
    )
    func answersNoTakeover(offer: String, rest: String) {
        #expect(
            CompressionParameters.negotiate([offer], policy: .noContextTakeover)?.headerValue
                == "permessage-deflate; server_no_context_takeover; client_no_context_takeover" + rest
        )
    }

    @Test(arguments: 8...14)
    func aSharedFrameNeedsTheWholeWindow(bits: Int) {
        let offer = "permessage-deflate; server_max_window_bits=\(bits)"
        #expect(CompressionParameters.negotiate([offer], policy: .noContextTakeover) == nil)
    }

    @Test func randomHeadersNeverTrap() {
        var generator = SeededGenerator(seed: 7)
        let pieces = [
            "permessage-deflate", "server_max_window_bits", "client_max_window_bits", "server_no_context_takeover", ";",
            ",", "=", "\"", "\\", " ", "\t", "9", "15", "é", "\u{0}",
        ]
        var accepted = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...9, using: &generator))
                .compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            if CompressionParameters.negotiate([text], policy: .contextTakeover) != nil { accepted += 1 }
        }
        #expect(accepted > 0)
    }
}
