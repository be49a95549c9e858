CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"action" text NOT NULL,
	"file_ids" text[] NOT NULL,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"transport" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"request" jsonb NOT NULL,
	"mime_type" text,
	"width" integer,
	"height" integer,
	"ended_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ready_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"writable_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "files_idempotency" UNIQUE("issuer","subject","idempotency_key"),
	CONSTRAINT "files_id_format" CHECK (id ~ '^[a-z0-9]{15}$'),
	CONSTRAINT "files_state_known" CHECK (state in ('uploading', 'ready', 'trashed', 'purged', 'expired')),
	CONSTRAINT "files_ready_observed" CHECK (state <> 'ready' or (mime_type is not null and ready_at is not null)),
	CONSTRAINT "files_expired_reason" CHECK ((state = 'expired') = (ended_by is not null))
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"file_id" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"last_error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbox_one_per_file" UNIQUE("file_id")
);
--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "files_uploading_by_expiry" ON "files" USING btree ("expires_at") WHERE state = 'uploading';--> statement-breakpoint
CREATE INDEX "files_expired_by_writability" ON "files" USING btree ("writable_until") WHERE state = 'expired';--> statement-breakpoint
CREATE INDEX "outbox_by_due" ON "outbox" USING btree ("due_at");