import PlatformModel

extension SnapshotJSON {
    static func database(_ node: DatabaseNode, in snapshot: Snapshot) -> JSON {
        let lag = snapshot.lag(of: node)
        return [
            "role": .string(node.role.rawValue), "version": .string(node.version),
            "timeline": .integer(Int64(node.timeline)),
            "system_identifier": .string(node.systemIdentifier), "started_at": time(node.startedAt),
            "position": node.position.map { .string($0.description) } ?? .null,
            "replayed": node.replayed.map { .string($0.description) } ?? .null,
            "lag_bytes": lag.bytes.map { .integer($0) } ?? .null,
            "lag_seconds": lag.time.map(seconds) ?? .null, "replay_paused": .bool(node.replayPaused),
            "receiver": node.receiver.map { receiver in
                [
                    "status": .string(receiver.status), "host": .string(receiver.senderHost),
                    "port": .integer(Int64(receiver.senderPort)), "slot": .string(receiver.slot),
                    "silence": receiver.silence.map(seconds) ?? .null,
                ]
            } ?? .null,
            "replicas": .array(node.replicas.map(link)), "slots": .array(node.slots.map(slot)),
            "synchronous_standby_names": .string(node.synchronousStandbyNames),
            "waiting_for_replicas": .integer(Int64(node.waitingForReplicas)),
            "archiver": node.archiver.map { archiver in
                [
                    "archived": .integer(archiver.archivedCount), "failed": .integer(archiver.failedCount),
                    "failing": .bool(archiver.isFailing), "last_archived_at": time(archiver.lastArchivedAt),
                    "last_failed_at": time(archiver.lastFailedAt),
                ]
            } ?? .null,
            "activity": node.activity.map(activity) ?? .null,
        ]
    }

    private static func link(_ link: ReplicaLink) -> JSON {
        func position(_ position: LogPosition?) -> JSON { position.map { .string($0.description) } ?? .null }
        return [
            "name": .string(link.name), "state": .string(link.state), "sync": .string(link.syncState),
            "sent": position(link.sent), "written": position(link.written), "flushed": position(link.flushed),
            "replayed": position(link.replayed), "lag_bytes": link.lagBytes.map { .integer($0) } ?? .null,
            "lag_seconds": link.replayLag.map(seconds) ?? .null,
        ]
    }

    private static func slot(_ slot: ReplicationSlot) -> JSON {
        [
            "name": .string(slot.name), "active": .bool(slot.isActive), "wal_status": .string(slot.walStatus),
            "retained_bytes": slot.retainedBytes.map { .integer($0) } ?? .null,
        ]
    }

    private static func activity(_ activity: DatabaseNode.Activity) -> JSON {
        [
            "connections": .integer(Int64(activity.connections)),
            "maximum_connections": .integer(Int64(activity.maximumConnections)),
            "active": .integer(Int64(activity.active)), "blocked": .integer(Int64(activity.blocked)),
            "idle_in_transaction": .integer(Int64(activity.idleInTransaction)),
            "longest_query": activity.longestQuery.map(seconds) ?? .null,
            "longest_transaction": activity.longestTransaction.map(seconds) ?? .null,
            "transactions_per_second": activity.transactionsPerSecond.map { .number($0) } ?? .null,
            "cache_hit_share": activity.cacheHitShare.map { .number($0) } ?? .null,
            "database_bytes": activity.databaseBytes.map { .integer($0) } ?? .null,
        ]
    }

    static func redis(_ server: RedisServer) -> JSON {
        [
            "version": .string(server.version), "role": .string(server.role), "uptime": seconds(server.uptime),
            "used_memory": .integer(server.usedMemory), "maximum_memory": .integer(server.maximumMemory),
            "clients": .integer(Int64(server.connectedClients)), "latency": seconds(server.latency),
            "operations_per_second": .integer(Int64(server.operationsPerSecond)),
            "append_only": .bool(server.appendOnly),
        ]
    }

    static func queue(_ queue: Queue) -> JSON {
        let counts = JobState.allCases.map { ($0.rawValue, JSON.integer(queue.count($0))) }
        return [
            "name": .string(queue.name), "flavour": .string(queue.flavour.word), "paused": .bool(queue.isPaused),
            "counts": .object(JSONObject(counts)), "backlog": .integer(queue.backlog),
            "lag": queue.lag.map(seconds) ?? .null, "overdue": .integer(queue.overdue),
            "stalled": .integer(queue.stalled),
            "workers": queue.workers.map { .integer(Int64($0)) } ?? .null,
            "added_per_second": queue.addedPerSecond.map { .number($0) } ?? .null,
            "finished_per_second": queue.finishedPerSecond.map { .number($0) } ?? .null,
            "failed_per_second": queue.failedPerSecond.map { .number($0) } ?? .null,
            "time_to_drain": queue.timeToDrain.map(seconds) ?? .null,
        ]
    }

    static func job(_ job: Job) -> JSON {
        [
            "id": .string(job.id), "name": .string(job.name), "state": .string(job.state.rawValue),
            "created_at": time(job.createdAt), "processed_at": time(job.processedAt),
            "finished_at": time(job.finishedAt),
            "due_at": time(job.dueAt), "attempts": .integer(Int64(job.attempts)),
            "maximum_attempts": .integer(Int64(job.maximumAttempts)), "priority": .integer(Int64(job.priority)),
            "failed_reason": .string(job.failedReason), "data": (try? JSON.parse(job.data)) ?? .string(job.data),
        ]
    }

    static func orders(_ orders: OrdersOverview) -> JSON {
        let counts = OrderStatus.allCases.map { ($0.rawValue, JSON.integer(orders.counts[$0] ?? 0)) }
        return [
            "counts": .object(JSONObject(counts)), "open": .integer(orders.open),
            "open_value": .array(orders.openValue.map(money)), "late": .integer(orders.late),
            "late_value": .array(orders.lateValue.map(money)), "oldest_late": orders.oldestLate.map(seconds) ?? .null,
            "placed_last_minute": .integer(orders.placedLastMinute),
            "placed_last_hour": .integer(orders.placedLastHour),
            "placed_today": .integer(orders.placedToday), "revenue_today": .array(orders.revenueToday.map(money)),
            "newest_placed_at": time(orders.newestPlacedAt),
        ]
    }

    static func order(_ order: Order) -> JSON {
        [
            "id": .integer(order.id), "status": .string(order.status.rawValue),
            "kitchen_code": .string(order.kitchenCode),
            "kitchen": .string(order.kitchen), "region": .string(order.region),
            "supplier_code": .string(order.supplierCode), "supplier": .string(order.supplier),
            "total": money(order.total),
            "line_count": .integer(Int64(order.lineCount)), "placed_at": time(order.placedAt),
            "due_at": time(order.dueAt),
            "updated_at": time(order.updatedAt), "version": .integer(order.version),
            "placed_by": .string(order.placedBy),
            "note": .string(order.note),
        ]
    }

    static func details(_ details: OrderDetails) -> JSON {
        guard case .object(var object) = order(details.order) else { return .null }
        object["lines"] = .array(
            details.lines.map { line in
                [
                    "line": .integer(Int64(line.number)), "item_code": .string(line.itemCode),
                    "item": .string(line.item),
                    "pack": .string(line.pack), "quantity": .string(line.quantity), "received": .string(line.received),
                    "price": money(line.price), "total": money(line.total),
                    "allergens": .array(line.allergens.map { .string($0) }),
                ]
            })
        object["events"] = .array(
            details.events.map { event in
                [
                    "at": time(event.at), "actor": .string(event.actor),
                    "from": event.from.map { .string($0.rawValue) } ?? .null,
                    "to": event.to.map { .string($0.rawValue) } ?? .null, "note": .string(event.note),
                ]
            })
        return .object(object)
    }

    static func service(_ service: ServiceHealth) -> JSON {
        [
            "state": .string(service.state.rawValue), "status_code": .integer(Int64(service.statusCode)),
            "latency": seconds(service.latency), "version": .string(service.version),
            "uptime": service.uptime.map(seconds) ?? .null,
            "dependencies": .array(
                service.dependencies.map { dependency in
                    [
                        "name": .string(dependency.name), "state": .string(dependency.state),
                        "latency": dependency.latency.map(seconds) ?? .null, "error": .string(dependency.error),
                    ]
                }),
        ]
    }
}
