// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is held to the same dialect: language mode 6, warnings are errors, and
/// `await` on a nonisolated function stays on the caller's executor.
let dialect: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: dialect)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: dialect)
}

let package = Package(
    name: "galley",
    products: [
        .executable(name: "galley", targets: ["galley"]),
        .library(
            name: "GalleyCore",
            targets: [
                "PlatformModel", "Reactor", "PostgresClient", "RedisClient", "HTTPClient", "Collectors",
                "PlatformStore", "Operations",
            ]),
    ],
    targets: [
        // C libraries: a module map and a shim.h that says why each line exists.
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CCurlLate"),
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CSystem"),
        .target(name: "CTomlPlusPlus"),
        .target(name: "CLocalResources"),

        // Values and rules: no I/O.
        library("PlatformModel"),
        library("TerminalCells"),

        // Input and output, and what is read with it.
        library("Reactor", ["CSystem"]),
        library("PostgresClient", ["CPostgres", "Reactor"]),
        library("RedisClient", ["CHiredis", "CCurl", "CCurlLate", "Reactor"]),
        library("HTTPClient", ["CCurl", "CCurlLate", "Reactor"]),
        library("Settings", ["CTomlPlusPlus", "PlatformModel"]),
        library("Collectors", ["PostgresClient", "RedisClient", "HTTPClient", "Reactor", "PlatformModel"]),
        library("PlatformStore", ["Collectors", "Reactor", "PlatformModel"]),
        library("Operations", ["PostgresClient", "RedisClient", "HTTPClient", "Reactor", "PlatformModel", "CCrypto"]),

        // The screen.
        // The shipped themes and keymaps are compiled in through links to the top-level folders.
        .target(
            name: "Console", dependencies: ["PlatformModel", "TerminalCells", "Operations", "Settings"],
            resources: [.embedInCode("Resources")], swiftSettings: dialect),
        library("CursesTerminal", ["Console", "TerminalCells", "Reactor", "CNcurses", "CSystem"]),

        library(
            "LocalPlatform",
            ["PostgresClient", "RedisClient", "HTTPClient", "Reactor", "PlatformModel", "CSystem", "CLocalResources"],
            exclude: ["Python", "SQL", "CONTRACT.md"]),
        .executableTarget(
            name: "galley",
            dependencies: [
                "PlatformModel", "Reactor", "PostgresClient", "RedisClient", "HTTPClient", "Settings", "Collectors",
                "PlatformStore", "Operations", "TerminalCells", "Console", "CursesTerminal", "LocalPlatform", "CSystem",
            ],
            exclude: ["JSON.md"], swiftSettings: dialect),

        .target(
            name: "TestSupport", dependencies: ["Reactor", "PostgresClient", "RedisClient", "CSystem"],
            path: "Tests/TestSupport",
            swiftSettings: dialect),
        tests("PlatformModelTests", ["PlatformModel"]),
        tests("TerminalCellsTests", ["TerminalCells"]),
        tests("ReactorTests", ["Reactor", "CSystem"]),
        tests("PostgresClientTests", ["PostgresClient", "Reactor"]),
        tests("RedisClientTests", ["RedisClient", "Reactor"]),
        tests("HTTPClientTests", ["HTTPClient", "Reactor", "CSystem"]),
        tests("SettingsTests", ["Settings"]),
        tests(
            "CollectorsTests",
            [
                "Collectors", "PostgresClient", "RedisClient", "HTTPClient", "PlatformModel", "PlatformStore",
                "Reactor",
                "LocalPlatform", "CSystem",
            ], exclude: ["LangGraph"]),
        // Data that other people's software wrote.
        tests(
            "InteropTests",
            [
                "Collectors", "RedisClient", "PostgresClient", "PlatformModel", "PlatformStore", "Reactor",
                "LocalPlatform", "galley",
            ], exclude: ["Python"]),
        tests("PlatformStoreTests", ["PlatformStore", "PlatformModel"]),
        tests(
            "OperationsTests",
            ["Operations", "PostgresClient", "HTTPClient", "PlatformModel", "Reactor", "LocalPlatform", "CSystem"]),
        tests(
            "ConsoleTests", ["Console", "TerminalCells", "PlatformModel", "Operations", "Settings"], exclude: ["Golden"]
        ),
        // A program of a few lines, for what can only be seen of a whole process on a terminal.
        .executableTarget(
            name: "terminal-probe", dependencies: ["CursesTerminal", "TerminalCells", "Reactor"],
            path: "Tests/TerminalProbe", swiftSettings: dialect),
        tests(
            "CursesTerminalTests",
            ["CursesTerminal", "Console", "TerminalCells", "Reactor", "CSystem", "terminal-probe", "galley"]),
        tests(
            "LocalPlatformTests",
            ["LocalPlatform", "PostgresClient", "RedisClient", "HTTPClient", "Reactor", "PlatformModel", "galley"],
            exclude: ["Python"]),
        tests(
            "CommandLineTests", ["LocalPlatform", "Operations", "PlatformModel", "Reactor", "galley"]),
        tests("LayoutTests", []),
    ],
    cxxLanguageStandard: .cxx17
)
