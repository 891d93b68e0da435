internal import Catalogue
internal import Claude
internal import Logging
internal import Realtime
internal import Sandboxes

/// What all sessions of a server share.
struct Services: Sendable {
    let configuration: OrchestrationConfiguration
    let catalogue: any Catalogue
    let model: any ModelClient
    let sandboxes: any SandboxProvider
    let hub: Hub
    let limiter: GenerationLimiter
    let board: AppsBoard
    let meter: ServerMeter
    let stats: StatsBoard
    let idle: IdleWatch
    let stills = StillQueue()
    let time: Timekeeper
    let logger: Logger
    let tap: PublicationTap?

    /// How people reach an app's page.
    func pageURL(_ appID: String) -> String {
        "\(configuration.publicURL)/app/\(appID)"
    }

    /// Where an app's preview answers.
    func previewURL(_ appID: String) -> String {
        var url = ""
        for character in configuration.previewURL {
            if character == "*" { url += appID } else { url.append(character) }
        }
        return url.utf8.last == UInt8(ascii: "/") ? url : url + "/"
    }
}

/// Sees every publication after it was sent: for tests of the order of events.
typealias PublicationTap = @Sendable (_ channel: String, _ event: any ChannelEvent) -> Void

/// A channel that tells the tap, if there is one, what it publishes.
struct Feed<State: ChannelState>: Sendable {
    let channel: Channel<State>
    let tap: PublicationTap?

    /// Publishes one event.
    func publish(_ event: State.Event) {
        channel.publish(event)
        tap?(channel.name, event)
    }
}
