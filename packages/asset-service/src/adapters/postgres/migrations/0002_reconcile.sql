CREATE TABLE "findings" (
	"file_id" text NOT NULL,
	"kind" text NOT NULL,
	"detail" text NOT NULL,
	"found_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "findings_file_id_kind_pk" PRIMARY KEY("file_id","kind"),
	CONSTRAINT "findings_kind_known" CHECK (kind in ('missing-object', 'size-mismatch', 'checksum-mismatch'))
);
--> statement-breakpoint
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_one_per_file";--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "read_sha256" text;--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "scrubbed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "kind" text DEFAULT 'create' NOT NULL;--> statement-breakpoint
CREATE INDEX "files_ready_by_scrub" ON "files" USING btree ("scrubbed_at" NULLS FIRST) WHERE state = 'ready';--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_one_of_a_kind" UNIQUE("file_id","kind");--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_kind_known" CHECK (kind in ('create', 'checksum'));