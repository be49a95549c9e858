CREATE TABLE "project_storage" (
	"project_id" text PRIMARY KEY NOT NULL,
	"used_bytes" bigint DEFAULT 0 NOT NULL,
	"quota_bytes" bigint,
	CONSTRAINT "project_storage_not_negative" CHECK (used_bytes >= 0)
);
--> statement-breakpoint
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_kind_known";--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "second_type" text;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "trashed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "purge_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "project_id" text GENERATED ALWAYS AS (request->>'projectId') STORED;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "size" bigint GENERATED ALWAYS AS ((request->>'size')::bigint) STORED;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "sha256" text GENERATED ALWAYS AS (coalesce(read_sha256, request->>'sha256')) STORED;--> statement-breakpoint
CREATE INDEX "files_uploading_by_person" ON "files" USING btree ("issuer","subject","created_at") WHERE state = 'uploading';--> statement-breakpoint
CREATE INDEX "files_ready_by_content" ON "files" USING btree ("project_id","sha256") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "files_ready_by_sample" ON "files" USING btree ("project_id",(request->'fingerprint'->>'sample')) WHERE state = 'ready' and request->'fingerprint' is not null;--> statement-breakpoint
CREATE INDEX "files_trashed_by_purge" ON "files" USING btree ("purge_at") WHERE state = 'trashed';--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_trashed_dated" CHECK ((state = 'trashed') = (purge_at is not null));--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_kind_known" CHECK (kind in ('create', 'checksum', 'remove'));--> statement-breakpoint
INSERT INTO "project_storage" ("project_id", "used_bytes")
SELECT project_id, sum(size) FROM files
WHERE state in ('uploading', 'ready', 'trashed') AND project_id IS NOT NULL GROUP BY project_id;
