internal import Catalogue
internal import Logging
internal import Sandboxes

extension AppSession {
    /// Wants a picture of the newest version, unless it has one, or something is going on.
    func wantStill() {
        guard life == .open, services.sandboxes.camera != nil, services.configuration.stillsAtOnce > 0 else { return }
        guard versions > stillVersion, turn == nil, box.isRunning else { return }
        services.stills.add(StillQueue.Wish(session: self, version: versions))
    }

    /// Takes a picture and keeps it, when the version was on show all the time.
    ///
    /// What fails is logged, and tried again with the next version or waking.
    func takeStill(of version: Int) async {
        guard let camera = services.sandboxes.camera, shows(version), versions > stillVersion else { return }
        let (serial, edits) = (box.serial, sandboxEdits)
        isPosing = true
        defer { isPosing = false }
        do {
            let image = try StillImage(try await camera.picture(appID: id))
            // Another code may have come into the picture meanwhile.
            guard life == .open, version == versions, serial == box.serial, edits == sandboxEdits else { return }
            let still = StillRecord(appID: id, version: version, format: image.format, bytes: image.bytes)
            try await services.catalogue.addStill(still)
            guard life == .open, version > stillVersion else { return }
            stillVersion = version
            var changed = view
            changed.still = AppView.stillPath(id, version: version)
            publish(.appChanged(changed))
        } catch {
            guard life == .open, !(error is CancellationError) else { return }
            logger.warning(
                "No picture of a version was taken",
                metadata: ["app.version": "\(version)", "error": "\(error)", "error.type": "\(type(of: error))"]
            )
        }
    }

    /// Whether the sandbox runs with this version, the newest, and no other code has been tried since.
    private func shows(_ version: Int) -> Bool {
        life == .open && version == versions && box.isRunning && !isReverting && turn?.didEdit != true
    }
}
