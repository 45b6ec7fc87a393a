'use strict';

const { request } = require('node:https');
const { GetObjectCommand, S3Client } = require('@aws-sdk/client-s3');

const s3 = new S3Client({});

/** Hands its event to the test, with the text of a large item in place of where it is, as a user's function reads it. */
exports.handler = async ({ itemAt, ...event }) => {
  const item = itemAt === undefined ? event.item : await read(itemAt);
  const { answer, error } = JSON.parse(await post(JSON.stringify({ ...event, item, isLarge: itemAt !== undefined })));
  if (error !== undefined) throw Object.assign(new Error(error.message), { name: error.name });
  return answer;
};

async function read({ Bucket, Key, Offset, Length }) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${Offset}-${Offset + Length - 1}` }));
  return JSON.parse(await Body.transformToString());
}

function post(body) {
  return new Promise((resolve, reject) => {
    const posted = request(process.env.TEST_URL, { method: 'POST', headers: { 'content-length': Buffer.byteLength(body) } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => resolve(text)).on('error', reject);
    });
    posted.on('error', reject).end(body);
  });
}
