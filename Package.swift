// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1: Target.Dependency = .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioExtras: Target.Dependency = .product(name: "NIOExtras", package: "swift-nio-extras")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "vibe-server",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "vibe", targets: ["vibe"]),
        .executable(name: "websocket-echo", targets: ["websocket-echo"]),
        .executable(name: "realtime-bench", targets: ["realtime-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // System libraries and the thin C they need.
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CPrefetch"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CurlShims", dependencies: ["CCurl"]),
        .target(name: "CSandbox"),

        // The leaves: none knows another, but for the codec below the real-time hub.
        .target(name: "WebSocketCodec", dependencies: ["COpenSSL", "CZlib", nioCore], swiftSettings: settings),
        .target(
            name: "Realtime",
            dependencies: ["WebSocketCodec", "COpenSSL", "CPrefetch", nioCore, logging],
            swiftSettings: settings
        ),
        .target(name: "Claude", dependencies: ["CCurl", "CurlShims", nioCore, logging], swiftSettings: settings),
        .target(
            name: "Catalogue",
            dependencies: [.product(name: "GRDB", package: "GRDB.swift"), logging],
            swiftSettings: settings
        ),
        .target(
            name: "Sandboxes",
            dependencies: ["CSandbox", nioCore, nioPosix, nioHTTP1, logging],
            swiftSettings: settings
        ),
        .target(
            name: "ClaudeSimulator",
            dependencies: [
                hummingbird, logging, serviceLifecycle, nioCore,
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),

        // What joins them.
        .target(
            name: "Orchestration",
            dependencies: ["Realtime", "Claude", "Catalogue", "Sandboxes", "COpenSSL", logging, serviceLifecycle],
            swiftSettings: settings
        ),
        .target(
            name: "VibeServer",
            dependencies: [
                "WebSocketCodec", "Realtime", "Claude", "Catalogue", "Sandboxes", "ClaudeSimulator", "Orchestration",
                "COpenSSL", "CZlib", nioCore, nioPosix, nioHTTP1, nioExtras, nioHTTPTypes, nioHTTPTypesHTTP1, logging,
                serviceLifecycle, hummingbird, hummingbirdCore,
            ],
            swiftSettings: settings
        ),

        // Executables.
        .executableTarget(
            name: "vibe",
            dependencies: [
                "VibeServer", "ClaudeSimulator", "Claude", "Orchestration", "Sandboxes", "Catalogue", "Realtime",
                "WebSocketCodec", logging, serviceLifecycle, unixSignals, hummingbird,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "websocket-echo",
            dependencies: [
                "WebSocketCodec", "VibeServer", nioCore, nioPosix, logging, serviceLifecycle, hummingbird,
                hummingbirdCore,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "realtime-bench",
            dependencies: [
                "Realtime", "VibeServer", "WebSocketCodec", nioCore, nioPosix, logging, serviceLifecycle, unixSignals,
                hummingbird, hummingbirdCore,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),

        // Tests mirror the targets; what needs a browser or another language's client lives in Tests/Product.
        .testTarget(
            name: "WebSocketCodecTests",
            dependencies: ["WebSocketCodec", nioCore],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RealtimeTests",
            dependencies: ["Realtime", "WebSocketCodec", nioCore, nioEmbedded, nioPosix, logging],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ClaudeTests",
            dependencies: [
                "Claude", "ClaudeSimulator", hummingbird, nioCore, nioPosix, nioHTTP1, logging, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ClaudeSimulatorTests",
            dependencies: [
                "ClaudeSimulator", logging, hummingbird, serviceLifecycle, nioCore, nioPosix, nioHTTP1,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CatalogueTests",
            dependencies: ["Catalogue", .product(name: "GRDB", package: "GRDB.swift"), logging],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SandboxesTests",
            dependencies: ["Sandboxes", "ClaudeSimulator", "CSandbox", nioCore, nioPosix, nioHTTP1, logging],
            // Components, read by the tests where they lie.
            exclude: ["Names"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OrchestrationTests",
            dependencies: [
                "Orchestration", "Realtime", "Claude", "ClaudeSimulator", "Catalogue", "Sandboxes", nioCore, nioPosix,
                nioEmbedded, logging, serviceLifecycle,
            ],
            // Answers of models, read by the tests where they lie.
            exclude: ["Answers"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "VibeTests",
            dependencies: [
                "vibe", "VibeServer", "ClaudeSimulator", "Orchestration", "Realtime", "WebSocketCodec",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "VibeServerTests",
            dependencies: [
                "VibeServer", "Orchestration", "Realtime", "WebSocketCodec", "Claude", "Catalogue", "Sandboxes",
                nioCore,
                nioPosix, nioHTTP1, nioEmbedded, logging, serviceLifecycle, hummingbird, hummingbirdCore,
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)

// `make sanitize-…` builds no more than the leaves that it tests: a whole build under a sanitizer takes many minutes.
if Context.environment["VIBE_REALTIME_ONLY"] != nil {
    let kept = ["COpenSSL", "CZlib", "CPrefetch", "WebSocketCodec", "Realtime", "WebSocketCodecTests", "RealtimeTests"]
    package.products = []
    package.targets.removeAll { !kept.contains($0.name) }
}

// `make fuzz` names the toolchain's libFuzzer; nobody else builds this.
if let fuzzer = Context.environment["VIBE_FUZZ_LIBRARY"] {
    let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"])]
    for target in package.targets where ["WebSocketCodec", "Realtime", "Claude"].contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + instrumented
    }
    package.products.append(.executable(name: "vibe-fuzz", targets: ["vibe-fuzz"]))
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Fuzz/Driver"),
        .executableTarget(
            name: "vibe-fuzz",
            dependencies: ["CFuzzer", "WebSocketCodec", "Realtime", "Claude", nioCore],
            path: "Fuzz/Targets",
            swiftSettings: settings + instrumented,
            linkerSettings: [
                .unsafeFlags(["-sanitize=address", "-use-ld=lld", "-Xlinker", fuzzer, "-lstdc++"])
            ]
        ),
    ]
}
