CREATE TABLE "tus_uploads" (
	"file_id" text PRIMARY KEY NOT NULL,
	"received_bytes" bigint DEFAULT 0 NOT NULL,
	"part_digests" "bytea" DEFAULT ''::bytea NOT NULL,
	"segments" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"sha256" text,
	"is_length_deferred" boolean NOT NULL,
	"concat" text,
	"upload_metadata" text,
	"lock_token" bigint DEFAULT 0 NOT NULL,
	"locked_until" timestamp (3) with time zone DEFAULT 'epoch' NOT NULL,
	"is_release_wanted" boolean DEFAULT false NOT NULL,
	CONSTRAINT "tus_uploads_parts_whole" CHECK (length(part_digests) % 32 = 0),
	CONSTRAINT "tus_uploads_concat_known" CHECK (concat = 'partial' or concat like 'final%')
);
--> statement-breakpoint
ALTER TABLE "tus_uploads" ADD CONSTRAINT "tus_uploads_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE cascade ON UPDATE no action;